const v8 = process.getBuiltinModule('node:v8');
/**
 * Keeps the heap's young part as small as it starts. Loading the server leaves much behind in one go; V8 answers with
 * a larger young part and never gives it back, so that an idle server would hold 11 MB for nothing.
 */
export function holdYoungHeap() {
    v8.setFlagsFromString('--semi-space-growth-factor=1');
}
/** Lets it grow with the load again, by V8's own default. */
export function releaseYoungHeap() {
    v8.setFlagsFromString('--semi-space-growth-factor=2');
}
