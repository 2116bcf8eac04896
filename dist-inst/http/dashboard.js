import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { securityHeaders } from './problem.js';
const types = {
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.svg': 'image/svg+xml',
    '.png': 'image/png',
};
const dashboardHeaders = {
    ...securityHeaders,
    'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    'x-frame-options': 'DENY',
    // The broker's page opens in a popup that this page must be able to close.
    'cross-origin-opener-policy': 'same-origin-allow-popups',
};
/**
 * Serves the built dashboard. The list of files is read once, so that no request can name any other; contents are
 * read when asked for.
 */
export function dashboardFiles(folder) {
    const files = new Map();
    const collect = (prefix, at) => {
        for (const name of readdirSync(at)) {
            const full = join(at, name);
            if (statSync(full).isDirectory())
                collect(`${prefix}${name}/`, full);
            else
                files.set(`${prefix}${name}`, full);
        }
    };
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory())
        collect('/', folder);
    return (path) => {
        const file = files.get(path === '/' ? '/index.html' : path);
        const type = file && types[extname(file)];
        if (!file || !type)
            return undefined;
        const isHashed = path.startsWith('/assets/');
        const caching = isHashed ? { 'cache-control': 'public, max-age=31536000, immutable' } : {};
        return new Response(readFileSync(file), {
            headers: { ...dashboardHeaders, ...caching, 'content-type': type },
        });
    };
}
