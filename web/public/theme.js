// Before anything is drawn: light or dark as chosen in this browser, else as the system has it.
const chosen = localStorage.getItem("latchkey.theme");
if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
