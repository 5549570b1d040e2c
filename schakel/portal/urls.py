"""The addresses of the pages, in Dutch: people read them."""

from django.urls import path, re_path

from schakel.portal import entrance, files, steps, views

urlpatterns = [
    path("", views.home, name="home"),
    path("aanmelden", entrance.sign_in, name="account_login"),
    path("afmelden", entrance.sign_out, name="account_logout"),
    path("demo/instappen", entrance.step_in, name="step-in"),
    path("thema", entrance.choose_theme, name="theme"),
    path("taal", entrance.choose_language, name="language"),
    path("bestuur", views.board_door, name="board"),
    path("mijn", views.my_door, name="mine"),
    path("overzichten", views.overviews_page, name="overviews"),
    re_path(r"^overzichten/(?P<key>[-\w]+)\.(?P<kind>csv|xlsx)$", files.product_file, name="product-file"),
    path("overzichten/<slug:key>", views.product_page, name="product"),
    path("informatiemanager", views.manager_door, name="manager"),
    path("behoeften", views.needs_page, name="needs"),
    path("behoeften.xlsx", files.needs_file, name="needs-file"),
    path("hiaten.xlsx", files.gaps_file, name="gaps-file"),
    path("bronnen.xlsx", files.sources_file, name="sources-file"),
    path("bronnen/<slug:key>/bevindingen.xlsx", files.findings_file, name="findings-file"),
    path("behoeften/<slug:key>", views.need_page, name="need"),
    path("behoeften/<slug:key>/beoordelen", steps.assess, name="need-assess"),
    path("behoeften/<slug:key>/goedkeuren", steps.approve, name="need-approve"),
    path("behoeften/<slug:key>/afwijzen", steps.refuse, name="need-refuse"),
    path("behoeften/<slug:key>/adviseren", steps.advise, name="need-advise"),
    path("behoeften/<slug:key>/gebruiken", steps.go_live, name="need-go-live"),
    path("behoeften/<slug:key>/herzien", steps.review, name="need-review"),
    path("hiaten", views.gaps_page, name="gaps"),
    path("ict", views.supply_door, name="supply"),
    path("bronnen", views.sources_page, name="sources"),
    path("bronnen/lezen", steps.read_all, name="read-all"),
    path("bronnen/<slug:key>", views.source_page, name="source"),
    path("bronnen/<slug:key>/lezen", steps.read_source, name="read-source"),
    path("bronnen/<slug:key>/quarantaine", views.quarantine_rows, name="quarantine-rows"),
    path("quarantaine", views.quarantine_page, name="quarantine"),
    path("logboek", views.log_page, name="log"),
    path("zoek", views.search_page, name="search"),
    path("onderdelen", views.parts, name="parts"),
    path("over/<slug:topic>", views.about_page, name="about"),
]
