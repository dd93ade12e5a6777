// Before the first paint, so that no page flashes in the wrong theme. A classic script: modules run later.
{
  const root = document.documentElement;
  try {
    const chosen = localStorage.getItem("zz110.theme");
    if (chosen && root.dataset.theme !== "sunlight") root.dataset.theme = chosen;
  } catch {
    // A browser that refuses storage keeps the page's own theme.
  }
}
