"""The addresses of the pages, in Dutch: people read them."""

from django.urls import path

from schakel.portal import entrance, views

urlpatterns = [
    path("", views.home, name="home"),
    path("aanmelden", entrance.sign_in, name="account_login"),
    path("afmelden", entrance.sign_out, name="account_logout"),
    path("demo/instappen", entrance.step_in, name="step-in"),
    path("thema", entrance.choose_theme, name="theme"),
    path("taal", entrance.choose_language, name="language"),
    path("onderdelen", views.parts, name="parts"),
    path("over/<slug:topic>", views.about_page, name="about"),
]
