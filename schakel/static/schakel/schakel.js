/* Small comforts on top of pages that work without any script. */
(function () {
  "use strict";
  var one = function (selector, from) { return from.querySelector(selector); };
  var all = function (selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); };

  /* Menus close on Escape and on a click elsewhere. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    all("details.switch[open]").forEach(function (menu) { menu.open = false; one("summary", menu).focus(); });
  });
  document.addEventListener("click", function (event) {
    all("details.switch[open]").forEach(function (menu) { if (!menu.contains(event.target)) menu.open = false; });
  });

  /* A button that prints the page; it shows only where script works. */
  document.addEventListener("click", function (event) { if (event.target.closest("[data-print]")) window.print(); });

  /* The theme switches at once; the server remembers it. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.matches("[data-theme-form]") || !event.submitter) return;
    event.preventDefault();
    var theme = event.submitter.value;
    var data = new FormData(form);
    data.set("thema", theme);
    fetch(form.action, { method: "POST", body: data, credentials: "same-origin", redirect: "manual" }).then(function () {
      if (theme === "auto") document.documentElement.removeAttribute("data-theme");
      else document.documentElement.setAttribute("data-theme", theme);
      all("[data-theme-form] button").forEach(function (button) {
        button.setAttribute("aria-pressed", String(button.value === theme));
      });
    });
  });

  /* A filter works while you choose; without script its own button does. */
  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-filter]");
    if (form && form.requestSubmit) form.requestSubmit();
  });
  var waiting;
  document.addEventListener("input", function (event) {
    var form = event.target.closest("form[data-filter]");
    if (!form || event.target.type !== "search" || !form.requestSubmit) return;
    clearTimeout(waiting);
    waiting = setTimeout(function () { form.requestSubmit(); }, 400);
  });
  /* The print button: without script the browser's own menu prints the same. */
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });
  document.documentElement.classList.add("script");
})();
