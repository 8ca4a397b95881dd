/** Texts with less contrast than WCAG 2.2 asks for (1.4.3, level AA). */
() => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", {willReadFrequently: true});
  const rgba = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], under) => [r, g, b].map((part, i) => part * a + under[i] * (1 - a));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (one) => {
    const colours = [];
    for (let at = one; at; at = at.parentElement) colours.unshift(rgba(getComputedStyle(at).backgroundColor));
    return colours.reduce((under, colour) => over(colour, under), [255, 255, 255]);
  };
  const found = [];
  for (const one of document.querySelectorAll("body *")) {
    const hasText = [...one.childNodes].some((part) => part.nodeType === 3 && part.textContent.trim());
    if (!hasText || !one.checkVisibility({opacityProperty: true, visibilityProperty: true}) || one.closest("[aria-hidden=true], :disabled, svg")) continue;
    if (one.closest(".unseen, .hidden, .skip, option")) continue;
    const style = getComputedStyle(one);
    const under = behind(one);
    const [first, second] = [light(over(rgba(style.color), under)), light(under)].sort((a, b) => b - a);
    const ratio = (first + 0.05) / (second + 0.05);
    const size = parseFloat(style.fontSize);
    const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    if (ratio < needed) found.push(`${ratio.toFixed(2)}: ${one.tagName}.${one.className} "${one.textContent.trim().slice(0, 30)}"`);
  }
  return found;
}
