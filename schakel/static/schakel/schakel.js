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
  /* What may take long says so, and is sent once; without script the browser itself shows that it waits. */
  document.addEventListener("submit", function (event) {
    var form = event.target, words = form.getAttribute("data-working");
    if (!words) return;
    setTimeout(function () {
      var said = document.createElement("div"), line = document.createElement("p"), bar = document.createElement("progress");
      said.className = "working";
      said.setAttribute("role", "status");
      line.className = "small";
      line.textContent = words;
      bar.className = "prog";
      bar.setAttribute("aria-label", words);
      said.append(line, bar);
      form.append(said);
      form.querySelectorAll("button").forEach(function (button) { button.disabled = true; });
    }, 500);
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted && one(".working", document)) location.reload(); });
  document.documentElement.classList.add("script");
})();
