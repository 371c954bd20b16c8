// Runs in the head, before the first paint: the remembered colour scheme, else the system's; no white flash in the dark.
const kept = localStorage.getItem("mantine-color-scheme-value");
const dark = kept === "dark" || (kept !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
