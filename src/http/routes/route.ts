import type { App } from '../../app/open.ts'
import type { Problem, Scope } from '../../contracts/api.ts'
import type { Api, BodyOf, Endpoint, ParamsOf, QueryOf } from '../../contracts/endpoints.ts'
import type { Secret } from '../../core/secret.ts'
import type { Principal } from '../../session/ground/rights.ts'
import type { Addresses } from '../addresses.ts'
import type { Drafts } from '../drafts.ts'
import type { EventStream, EventStreams } from '../event-streams.ts'
import type { HttpRequest } from '../request.ts'
import type { Returns } from '../returns.ts'
import type { NameOf, SchemaName } from '../schemas.ts'
import type { SignIns } from '../sign-ins.ts'
import type { Params } from '../table.ts'

/**
 * The right that the domain asks for, for the documents; a test compares the two. `anyone`: no credential. `page`: the desk's own page, signed in or
 * not. `person`: the operator or somebody signed in, never a key. `operator`: only the command line of the same user.
 */
export type Right = Scope | 'anyone' | 'page' | 'person' | 'operator'

/** What an action gets: everything is checked but the right, which the domain asks for. */
export interface Call<Params, Query, Body> {
  readonly app: App
  readonly signIns: SignIns
  readonly returns: Returns
  readonly drafts: Drafts
  readonly addresses: Addresses
  readonly streams: EventStreams
  readonly principal: Principal
  readonly request: HttpRequest
  readonly params: Params
  readonly query: Query
  readonly body: Body
}

/** What is answered where something is wrong, in place of the problem+json; the status stays. */
export interface Failure {
  readonly schema: SchemaName
  of(problem: Problem): object
}

interface Action<E extends Endpoint> {
  readonly right: Right
  readonly summary: string
  /** Waits for news: no sign that somebody is there. */
  readonly isWaiting?: true
  /** Whoever answers it has the key confirmed where nothing else does; see `Principal`. */
  readonly confirmsKey?: true
  readonly failure?: Failure
  run(call: Call<ParamsOf<E>, QueryOf<E>, BodyOf<E>>): Outcome<E>
}
type Outcome<E extends Endpoint> = Api[E] extends { answer: infer Answer }
  ? Promise<Answer | ReadyAnswer<Answer>>
  : Api[E] extends { stream: unknown }
    ? Promise<EventStream>
    : Promise<void> | Promise<ReadyAnswer<undefined>>

/** A row of the API. Schemas stand in it by name, because they are loaded when the first body comes. */
export type Route<E extends Endpoint> = Action<E> & QueryPart<E> & BodyPart<E> & AnswerPart<E> & StreamPart<E>
export type Routes = { readonly [E in Endpoint]: Route<E> }

/** Any row, for whoever serves or describes them all. */
export interface AnyRoute {
  readonly right: Right
  readonly summary: string
  readonly isWaiting?: true
  /** Whoever answers it has the key confirmed where nothing else does; see `Principal`. */
  readonly confirmsKey?: true
  readonly failure?: Failure
  readonly query?: Readonly<Record<string, string>>
  readonly body?: SchemaName
  readonly answer?: SchemaName | `${SchemaName}[]`
  readonly status?: 201
  readonly contentType?: string
  readonly stream?: SchemaName
  run(call: Call<Params, Params, unknown>): Promise<unknown>
}

/** Every parameter with its meaning; any other is refused. */
type QueryPart<E extends Endpoint> = Api[E] extends { query: infer Query }
  ? { readonly query: { readonly [Name in keyof Query]-?: string } }
  : unknown
type BodyPart<E extends Endpoint> = Api[E] extends { body: infer Body }
  ? { readonly body: NameOf<Body> }
  : unknown
type AnswerPart<E extends Endpoint> = Api[E] extends { answer: infer Answer }
  ? [Answer] extends [string]
    ? { readonly contentType: string }
    : [Answer] extends [readonly (infer Item)[]]
      ? { readonly answer: `${NameOf<Item>}[]` }
      : { readonly answer: NameOf<Answer>; readonly status?: 201 }
  : unknown

type StreamPart<E extends Endpoint> = Api[E] extends { stream: infer Item }
  ? { readonly stream: NameOf<Item>; readonly contentType: 'text/event-stream; charset=utf-8' }
  : unknown

/** An answer with more to it than its JSON: text that was made before and is secret as a whole, or a cookie. */
export class ReadyAnswer<out Answer> {
  declare readonly of: Answer
  readonly body: Secret | Answer
  readonly setCookie: string | undefined

  constructor(body: Secret | Answer, setCookie?: string) {
    this.body = body
    this.setCookie = setCookie
  }
}
