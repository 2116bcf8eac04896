/** The first route that fits, or what is wrong: another method would do, or no such path. */
export function findRoute(routes, method, path) {
    let knowsPath = false;
    for (const route of routes) {
        const params = matchPath(route.path, path);
        if (!params)
            continue;
        if (route.method === method)
            return { kind: 'found', route, params };
        knowsPath = true;
    }
    return { kind: knowsPath ? 'no_method' : 'no_path' };
}
function matchPath(pattern, path) {
    const wanted = pattern.split('/');
    const given = path.split('/');
    if (wanted.length !== given.length)
        return undefined;
    const params = {};
    for (const [i, segment] of wanted.entries()) {
        const value = given[i];
        if (!segment.startsWith(':')) {
            if (segment !== value)
                return undefined;
        }
        else {
            const decoded = decodeSegment(value);
            if (!decoded)
                return undefined;
            params[segment.slice(1)] = decoded;
        }
    }
    return params;
}
function decodeSegment(segment) {
    try {
        return decodeURIComponent(segment);
    }
    catch {
        return undefined;
    }
}
