// @ts-check
/** How the page looks: light or dark, and large for a projector; remembered on this machine. */

const DARK = window.matchMedia("(prefers-color-scheme: dark)");

/**
 * What was kept on this machine. A browser that keeps nothing is no reason not to work.
 *
 * @param {string} name
 */
export function remembered(name) {
  try {
    return localStorage.getItem(`epoca-${name}`);
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {string} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(`epoca-${name}`, value);
  } catch {
    // The choice holds until the page is closed.
  }
}

/** The page begins as it was left. */
export function applyTheme() {
  const theme = remembered("theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  document.documentElement.classList.toggle("projector", remembered("projector") === "on");
}

export function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === "dark" : DARK.matches;
}

export function toggleTheme() {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  remember("theme", theme);
}

export const isProjector = () => document.documentElement.classList.contains("projector");

export function toggleProjector() {
  const isOn = document.documentElement.classList.toggle("projector");
  remember("projector", isOn ? "on" : "off");
  // The drawings measure themselves again.
  window.dispatchEvent(new Event("resize"));
}
