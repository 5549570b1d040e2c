/* The matrix of responsibilities: arrow keys walk through it, and a cell is changed in its own place. */
(function () {
  "use strict";
  var near = function (cell, key) {
    var row = cell.parentElement, place = cell.cellIndex;
    if (key === "ArrowRight") return cell.nextElementSibling;
    if (key === "ArrowLeft") return cell.previousElementSibling;
    var rows = Array.prototype.slice.call(cell.closest("table").querySelectorAll("tr[id]"));
    var other = rows[rows.indexOf(row) + (key === "ArrowDown" ? 1 : -1)];
    return other ? other.cells[place] : null;
  };
  /* One stop for the Tab key: the place where you were last. */
  var only = function (link) {
    link.closest("table").querySelectorAll("td a").forEach(function (each) { each.tabIndex = -1; });
    link.tabIndex = 0;
  };
  var ready = function () {
    document.querySelectorAll("table[data-grid]").forEach(function (table) {
      if (!table.querySelector("td a[tabindex='0']") && table.querySelector("td a")) only(table.querySelector("td a"));
    });
  };
  var close = function (cell) {
    var link = cell.kept;
    cell.kept = null;
    cell.replaceChildren(link);
    link.focus();
  };
  var open = function (cell, link) {
    var box = document.createElement("div");
    box.className = "pop";
    fetch(link.href, { credentials: "same-origin" }).then(function (answer) { return answer.ok ? answer.text() : ""; }).then(function (text) {
      var form = new DOMParser().parseFromString(text, "text/html").getElementById("cel");
      if (!form) { window.location.assign(link.href); return; }
      cell.kept = link;
      box.append(document.importNode(form, true));
      cell.append(box);
      box.querySelector("select").focus();
    });
  };
  var save = function (cell, form) {
    var row = cell.parentElement, place = cell.cellIndex;
    fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" }).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (text) {
      var page = new DOMParser().parseFromString(text, "text/html");
      var fresh = text && page.getElementById(row.id);
      if (!fresh) { window.location.assign(text ? "/verantwoordelijkheden" : cell.kept.href); return; }
      row.replaceWith(document.importNode(fresh, true));
      var title = document.querySelector("h1"), told = page.querySelector("h1");
      if (title && told) title.textContent = told.textContent;
      var link = document.getElementById(fresh.id).cells[place].querySelector("a");
      only(link);
      link.focus();
    });
  };
  document.addEventListener("keydown", function (event) {
    var cell = event.target.closest("table[data-grid] td");
    if (!cell) return;
    if (event.key === "Escape" && cell.kept) { close(cell); return; }
    if (!event.target.matches("td > a") || event.key.indexOf("Arrow") !== 0) return;
    var next = near(cell, event.key), link = next && next.querySelector("a");
    if (!link || next.tagName !== "TD") return;
    event.preventDefault();
    only(link);
    link.focus();
  });
  document.addEventListener("click", function (event) {
    var link = event.target.closest("table[data-grid] td > a"), back = event.target.closest("table[data-grid] [data-back]");
    if (event.ctrlKey || event.metaKey || event.shiftKey || window.matchMedia("(max-width:48rem)").matches) return;
    if (back) { event.preventDefault(); close(back.closest("td")); return; }
    if (!link) return;
    event.preventDefault();
    document.querySelectorAll("table[data-grid] .pop").forEach(function (box) { close(box.closest("td")); });
    open(link.closest("td"), link);
  });
  document.addEventListener("submit", function (event) {
    var cell = event.target.closest("table[data-grid] td");
    if (!cell) return;
    event.preventDefault();
    save(cell, event.target);
  });
  document.addEventListener("htmx:afterSettle", ready);
  ready();
})();
