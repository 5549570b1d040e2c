"""Contrast of letters, computed once for what looks the same on a page.

Nearly all that axe-core does on a long page is computing the contrast of one table cell after another. Here a text that
looks exactly like one whose contrast was enough on this page, wide or narrow, has enough too. Alike is: the same
element in the same elements, with the same elements behind it, each with the same classes and the same colours, letters
and place in the flow. What failed, what axe could not decide and what stands outside the flow, or over or under such a
thing, is computed each time. With `make soak` all is.
"""

import os

PASSES_LIKE = """() => {
  const check = axe._audit.checks["color-contrast"];
  if (check.every) return;
  check.every = check.evaluate;
  const LOOKS = ["color", "backgroundColor", "backgroundImage", "backgroundClip", "opacity", "fontSize", "fontWeight",
    "fontFamily", "textShadow", "webkitTextFillColor", "webkitTextStrokeWidth", "mixBlendMode", "filter", "display",
    "visibility", "position", "float", "transform", "clipPath", "marginTop", "marginLeft"];
  const BEHIND = ["content", "backgroundColor", "backgroundImage", "position"];
  const OUTSIDE = ["absolute", "fixed", "sticky"];
  const numbers = new Map(), passed = new Map();
  let looks;
  axe.lookAgain = () => { looks = new Map(); };
  const number = said => numbers.get(said) ?? (numbers.set(said, numbers.size), numbers.size - 1);
  const look = element => {  // a number for how it looks, all the way up; 'alone' for what may lie over anything
    if (!element) return "";
    if (!looks.has(element)) looks.set(element, looked(element, look(element.parentElement)));
    return looks.get(element);
  };
  const looked = (element, around) => {
    const style = getComputedStyle(element);
    if (around === "alone" || OUTSIDE.includes(style.position)) return "alone";
    const behind = ["::before", "::after"].map(name => getComputedStyle(element, name)).map(
      drawn => drawn.content === "none" ? "" : BEHIND.map(name => drawn[name]));
    const own = LOOKS.map(name => style[name]);
    return number([around, element.tagName, element.getAttribute("class"), own, behind].flat(2).join("|"));
  };
  check.evaluate = function (node, options, virtual, context) {
    const stack = [node, ...axe.commons.dom.getElementStack(node)].map(look);  // also what only lies behind it
    const like = stack.includes("alone") ? "alone" : stack.join();
    if (passed.has(like)) { this.data(passed.get(like)); return true; }
    let told;
    const helper = Object.assign(Object.create(this), { data: said => { told = said; this.data(said); } });
    const result = check.every.call(helper, node, options, virtual, context);
    if (result === true && told?.contrastRatio && like !== "alone") passed.set(like, told);
    return result;
  };
}"""
RUN = """rules => { axe.lookAgain?.();
  return axe.run(document, rules).then(results => results.violations); }"""


def whole() -> bool:
    """Whether each text is computed by itself."""
    return "SCHAKEL_SOAK" in os.environ
