// Runs before the first paint, so that what was chosen for this browser never flashes in another shape.
(() => {
  const known = { theme: ['light', 'dark'], density: ['desk', 'field'] };
  try {
    for (const [name, values] of Object.entries(known)) {
      const value = localStorage.getItem(name);
      if (values.includes(value)) document.documentElement.dataset[name] = value;
    }
  } catch {
    // Storage may be forbidden; then everything is as the system and the device want it.
  }
})();
