"""Contrast of letters, computed once for what looks the same on any page.

Nearly all that axe-core does on a long page is computing the contrast of one table cell after another. Here a text that
looks exactly like one whose contrast was enough, on this page or one before it, wide or narrow, has enough too. Alike
is: the same element in the same elements, with the same elements behind it, each with the same classes and the same
colours, letters and place in the flow. What failed, what axe could not decide and what stands outside the flow, or over
or under such a thing, is computed each time. With `make soak` all is.
"""

import os

ENOUGH: set[str] = set()  # looks of texts whose contrast was enough, in any page of this process
PASSES_LIKE = """before => {
  const check = axe._audit.checks["color-contrast"];
  if (check.every) return;
  check.every = check.evaluate;
  const LOOKS = ["color", "backgroundColor", "backgroundImage", "backgroundClip", "opacity", "fontSize", "fontWeight",
    "fontFamily", "textShadow", "webkitTextFillColor", "webkitTextStrokeWidth", "mixBlendMode", "filter", "display",
    "visibility", "position", "float", "transform", "clipPath", "marginTop", "marginLeft"];
  const BEHIND = ["content", "backgroundColor", "backgroundImage", "position"];
  const OUTSIDE = ["absolute", "fixed", "sticky"];
  const enough = new Set(before.split(" "));
  let looks, news;
  axe.lookAgain = () => { looks = new Map(); news = []; };
  axe.nowEnough = () => news;
  const short = said => {  // the same for the same words on every page: 64 bits in two halves (FNV-1a and its like)
    let one = 0x811c9dc5, other = 0x9e3779b9;
    for (let at = 0; at < said.length; at++) {
      const code = said.charCodeAt(at);
      one = Math.imul(one ^ code, 0x01000193);
      other = Math.imul(other ^ code, 0x5bd1e995) ^ (other >>> 15);
    }
    return (one >>> 0).toString(36) + "." + (other >>> 0).toString(36);
  };
  const look = element => {  // a word for how it looks, all the way up; 'alone' for what may lie over anything
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
    return short([around, element.tagName, element.getAttribute("class"), own, behind].flat(2).join("|"));
  };
  check.evaluate = function (node, options, virtual, context) {
    const stack = [node, ...axe.commons.dom.getElementStack(node)].map(look);  // also what only lies behind it
    const like = stack.includes("alone") ? "alone" : short(stack.join());
    if (enough.has(like)) return true;
    let told;
    const helper = Object.assign(Object.create(this), { data: said => { told = said; this.data(said); } });
    const result = check.every.call(helper, node, options, virtual, context);
    if (result === true && told?.contrastRatio && like !== "alone") { enough.add(like); news.push(like); }
    return result;
  };
}"""
RUN = """rules => { axe.lookAgain?.();
  return axe.run(document, rules).then(found => [found.violations, axe.nowEnough?.() ?? []]); }"""


def whole() -> bool:
    """Whether each text is computed by itself."""
    return "SCHAKEL_SOAK" in os.environ
