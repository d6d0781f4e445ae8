/** Text that is safe between tags and in quotes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A whole page; `body` is markup. It asks nobody else for anything. */
export function pageHtml(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 3rem auto; padding: 0 1rem; }
label { display: block; margin-top: 1rem; }
input, select, button { font: inherit; width: 100%; padding: 0.5rem; box-sizing: border-box; }
button { margin-top: 1.5rem; }
[role="alert"] { color: #a00; }
small { color: #555; }
</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${body}
<p><small>This is a double of Stripe for tests. No money moves.</small></p>
</main>
</body>
</html>
`;
}
