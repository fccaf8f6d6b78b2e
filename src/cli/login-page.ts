import type { ServerResponse } from 'node:http';

const PAGES = {
  done: [200, 'Logged in', 'You can close this window and go back to the terminal.'],
  failed: [200, 'Not logged in', 'The terminal says why. You can close this window.'],
  unknown: [404, 'Nothing here', 'This address belongs to a login that is not under way.'],
} as const;

/** Answers with one of the fixed pages: no script, no style, nothing of the request in it. */
export function loginPage(response: ServerResponse, page: keyof typeof PAGES): void {
  const [status, title, text] = PAGES[page];
  response
    .writeHead(status, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
      connection: 'close',
    })
    .end(
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title} - Keyward</title><h1>${title}</h1><p>${text}</p></html>\n`,
    );
}
