import type { Json } from '../core/json.ts';
type Kind = 'text' | 'number' | 'boolean' | 'texts' | 'object' | 'times';
type Shape = Readonly<Record<string, Kind | `${Kind}?`>>;
type Value<K extends Kind> = K extends 'text' ? string : K extends 'number' | 'times' ? number : K extends 'boolean' ? boolean : K extends 'texts' ? string[] : Record<string, Json>;
/** What a body of this shape reads as; a `?` behind the kind makes the field optional. */
export type Shaped<S extends Shape> = {
    [Name in keyof S]: S[Name] extends `${infer K extends Kind}?` ? Value<K> | undefined : S[Name] extends Kind ? Value<S[Name]> : never;
};
/**
 * Checks a JSON body of the control endpoint against its shape.
 *
 * @throws BhorError `bad_field`, `unknown_field`
 */
export declare function shaped<const S extends Shape>(body: Json, shape: S): Shaped<S>;
export {};
