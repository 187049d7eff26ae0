/** Style of the customer card. It follows the colors of the host if the host states them. */
export const cardStyle = `
:root { color-scheme: light dark; font: 14px/1.45 var(--font-sans, system-ui, sans-serif); }
body { margin: 0; padding: 16px; color: var(--color-text-primary, CanvasText); background: transparent; }
h1 { margin: 0; font-size: 18px; }
h2 { margin: 16px 0 4px; font-size: 12px; font-weight: 600; color: var(--color-text-secondary, GrayText); }
ul { margin: 0; padding: 0; list-style: none; }
li { padding: 4px 0 4px 10px; border-left: 3px solid var(--color-border-primary, #8888); margin-bottom: 4px; }
li, h1, p { overflow-wrap: anywhere; }
.do li { border-color: #2a8a4a; }
.dont li { border-color: #b3261e; }
.cases li { border-color: #b26a00; }
q { font-style: italic; }
small { color: var(--color-text-secondary, GrayText); }
p { margin: 4px 0 0; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(240px, 1fr)); gap: 0 24px; }
`;
