// Light and dark: the system's choice until the button is used.  Nothing is remembered.

const systemDark = window.matchMedia("(prefers-color-scheme: dark)");
const themeListeners = [];
let printing = false;

function isDark() {
  if (printing) return false;
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : systemDark.matches;
}

function themeChanged() {
  document.getElementById("theme").textContent = isDark() ? "Light theme" : "Dark theme";
  for (const listener of themeListeners) listener();
}

function startTheme() {
  const button = document.getElementById("theme");
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    themeChanged();
  });
  systemDark.addEventListener("change", themeChanged);
  themeChanged();
}
