import type {
  AccountView,
  AddAccount,
  AddKey,
  AuditCheck,
  AuditView,
  BrokerView,
  ConfigOption,
  DoctorFinding,
  EditAccount,
  HandOut,
  KeyAdded,
  KeyView,
  Link,
  LoginAnswers,
  LoginComplete,
  LoginStart,
  LoginStarted,
  LoginView,
  Me,
  SignedIn,
  SignIn,
  TestResult,
  Version,
} from './api.ts'

/**
 * The API: what each request takes and what it answers. The server's routes, the command line and the page are all
 * checked against it. `{account}` is an account's name; without an `answer` it is 204.
 */
export interface Api {
  'GET /v1/brokers': { answer: BrokerView[] }
  'GET /v1/accounts': { answer: AccountView[] }
  'POST /v1/accounts': { body: AddAccount; answer: AccountView }
  'GET /v1/accounts/{account}': { answer: AccountView }
  'PATCH /v1/accounts/{account}': { body: EditAccount; answer: AccountView }
  'DELETE /v1/accounts/{account}': { answer?: undefined }
  'POST /v1/accounts/{account}/login': { body: LoginStart; answer: LoginStarted }
  'POST /v1/accounts/{account}/login/complete': { body: LoginComplete; answer: AccountView }
  'GET /v1/accounts/{account}/login/{login}': { answer: LoginView }
  'POST /v1/accounts/{account}/login/{login}/answers': { body: LoginAnswers; answer: LoginView }
  'DELETE /v1/accounts/{account}/login/{login}': { answer?: undefined }
  'GET /v1/accounts/{account}/session': { query: { min_life?: string; kind?: string }; answer: HandOut }
  'DELETE /v1/accounts/{account}/session': { answer: AccountView }
  'POST /v1/accounts/{account}/test': { answer: TestResult }
  'POST /v1/accounts/{account}/renew': { answer: AccountView }
  'GET /v1/keys': { answer: KeyView[] }
  'POST /v1/keys': { body: AddKey; answer: KeyAdded }
  'DELETE /v1/keys/{key}': { answer: KeyView }
  'GET /v1/audit': { query: { limit?: string; account?: string; before?: string }; answer: AuditView[] }
  'GET /v1/audit/verify': { answer: AuditCheck }
  'GET /v1/doctor': { answer: DoctorFinding[] }
  'GET /v1/config': { answer: ConfigOption[] }
  /** Text for Prometheus. */
  'GET /metrics': { answer: string }
  'GET /v1/changes': { query: { after?: string }; answer: Version }
  'POST /v1/desk/link': { answer: Link }
  'POST /v1/desk/sign-in': { body: SignIn; answer: SignedIn }
  'GET /v1/desk/me': { answer: Me }
  'POST /v1/desk/sign-out': { answer?: undefined }
}
export type Endpoint = keyof Api

type Names<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never

export type ParamsOf<E extends Endpoint> = { readonly [Name in Names<E>]: string }
export type QueryOf<E extends Endpoint> = Api[E] extends { query: infer Query }
  ? Readonly<Query>
  : Readonly<Record<never, never>>
export type BodyOf<E extends Endpoint> = Api[E] extends { body: infer Body } ? Body : undefined
export type AnswerOf<E extends Endpoint> = Api[E] extends { answer: infer Answer } ? Answer : undefined

/** What a caller gives: `params` where the path has some, `body` where one is taken, `query` where it likes. */
export type InputOf<E extends Endpoint> = (Names<E> extends never ? unknown : { params: ParamsOf<E> }) &
  (Api[E] extends { body: infer Body } ? { body: Body } : unknown) &
  (Api[E] extends { query: infer Query } ? { query?: Query } : unknown)

/** Left out where nothing has to be given. */
export type ArgumentsOf<E extends Endpoint> =
  Record<never, never> extends InputOf<E> ? [input?: InputOf<E>] : [input: InputOf<E>]

/** Any input, for whoever sends it. */
export interface AnyInput {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly body?: object
}

/** Method and target of a request, everything encoded. */
export function targetOf(endpoint: Endpoint, { params = {}, query = {} }: AnyInput = {}): [string, string] {
  const [method = '', template = ''] = endpoint.split(' ')
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const search = Object.entries(query)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]))
    .join('&')
  return [method, search === '' ? path : `${path}?${search}`]
}
