const blank = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON allows none in a string
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Where `text` stops being JSON. Node says it only sometimes, and in messages that quote the text. */
export function firstFault(text) {
    const closers = [];
    let at = 0;
    const skip = (pattern) => {
        pattern.lastIndex = at;
        if (!pattern.test(text))
            return false;
        at = pattern.lastIndex;
        return true;
    };
    const take = (character) => {
        if (text[at] !== character)
            return false;
        at++;
        skip(blank);
        return true;
    };
    const name = () => skip(string) && skip(blank) && take(':');
    skip(blank);
    for (;;) {
        // A value begins here.
        if (take('{')) {
            closers.push('}');
            if (text[at] !== '}') {
                if (!name())
                    return at;
                continue;
            }
        }
        else if (take('[')) {
            closers.push(']');
            if (text[at] !== ']')
                continue;
        }
        else if (!skip(string) && !skip(scalar))
            return at;
        skip(blank);
        while (closers.length > 0 && take(closers.at(-1)))
            closers.pop();
        if (closers.length === 0 || !take(','))
            return at;
        if (closers.at(-1) === '}' && !name())
            return at;
    }
}
