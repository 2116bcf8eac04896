/** Checks an adapter's shape at compile time and keeps its literal types. */
export function defineBroker(definition) {
    return definition;
}
