/**
 * Keeps the heap's young part as small as it starts. Loading the server leaves much behind in one go; V8 answers with
 * a larger young part and never gives it back, so that an idle server would hold 11 MB for nothing.
 */
export declare function holdYoungHeap(): void;
/** Lets it grow with the load again, by V8's own default. */
export declare function releaseYoungHeap(): void;
