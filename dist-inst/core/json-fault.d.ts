/** Where `text` stops being JSON. Node says it only sometimes, and in messages that quote the text. */
export declare function firstFault(text: string): number;
