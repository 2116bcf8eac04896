import type {
  AccountHistory,
  ActivityAccounts,
  ActivityExport,
  ActivityPage,
  AskActivityExport,
} from './activity.ts'
import type {
  AddAlertChannel,
  AlertChannelAdded,
  AlertChannelView,
  AlertTested,
  EditAlertChannel,
} from './alerts.ts'
import type {
  AccountEgress,
  AccountGate,
  AccountView,
  AddAccount,
  AddKey,
  AskConfirmation,
  AuditCheck,
  AuditExported,
  AuditView,
  BackupsView,
  BrokerView,
  BrowsersRevoked,
  BrowserView,
  ChangeMaster,
  ChoosePage,
  Compromised,
  ConfigOption,
  Confirm,
  Confirmation,
  Confirmed,
  DoctorFinding,
  DrillBackup,
  EditAccount,
  ExportAudit,
  Fresh,
  GateView,
  GenerateSession,
  GivePassphrase,
  HandOut,
  HookAdded,
  KeepDraft,
  KeepKey,
  KeyAdded,
  KeyFrame,
  KeyRevoked,
  KeyView,
  Learnt,
  Link,
  LoginAnswers,
  LoginComplete,
  LoginLink,
  LoginStart,
  LoginStarted,
  LoginView,
  MakeBackup,
  MasterChanged,
  Me,
  NewLink,
  Proof,
  QuestionView,
  RefusalReport,
  ReportView,
  ReturnAsked,
  ReturnFinish,
  ReturnFinished,
  ReturnOffered,
  ReturnStart,
  ReturnStarted,
  RollbackAccepted,
  RollCallView,
  RunStarted,
  SealView,
  SessionGenerated,
  SetGate,
  SetHouseGate,
  SetPassphrase,
  SetSeal,
  SignedIn,
  SignIn,
  SignOutLate,
  StartRun,
  StoredAccount,
  TestResult,
  Unused,
  VaultView,
  Version,
} from './api.ts'
import type { CalendarChange, CalendarDay, CalendarList, CalendarMove, MarketNow } from './calendar.ts'
import type { FeedEvent } from './events.ts'
import type { ImportFiles, ImportPlan } from './imports.ts'
import type { AddMirror, MirrorView, SyncMirror } from './mirrors.ts'
import type { AccountOrders, PortfolioView } from './portfolio.ts'

/**
 * The API: what each request takes and what it answers. The server's routes, the command line and the page are all
 * checked against it. `{account}` is an account's name; without an `answer` it is 204.
 */
export interface Api {
  'GET /v1/brokers': { answer: BrokerView[] }
  'GET /v1/accounts': { answer: AccountView[] }
  'POST /v1/accounts': { body: AddAccount; answer: StoredAccount }
  'POST /v1/imports': { body: ImportFiles; answer: ImportPlan }
  'GET /v1/accounts/{account}': { answer: AccountView }
  'PATCH /v1/accounts/{account}': { body: EditAccount; answer: StoredAccount }
  'DELETE /v1/accounts/{account}': { answer?: undefined }
  'POST /v1/accounts/{account}/login': { body: LoginStart; answer: LoginStarted }
  'POST /v1/accounts/{account}/login/complete': { body: LoginComplete; answer: AccountView }
  'GET /v1/accounts/{account}/login/{login}': { answer: LoginView }
  'POST /v1/accounts/{account}/login/{login}/answers': { body: LoginAnswers; answer: LoginView }
  'DELETE /v1/accounts/{account}/login/{login}': { answer?: undefined }
  'POST /v1/accounts/{account}/confirm': { body: Confirm; answer: AccountView }
  'POST /v1/accounts/{account}/hook': { answer: HookAdded }
  'POST /v1/accounts/{account}/prompt': { answer: LoginLink }
  'GET /v1/accounts/{account}/session': { query: { min_life?: string; kind?: string }; answer: HandOut }
  'DELETE /v1/accounts/{account}/session': { answer: AccountView }
  'POST /v1/accounts/{account}/compromised': { answer: Compromised }
  'POST /v1/accounts/{account}/test': { answer: TestResult }
  'POST /v1/accounts/{account}/report': { body: RefusalReport; answer: ReportView }
  'POST /v1/accounts/{account}/renew': { answer: AccountView }
  'GET /v1/accounts/{account}/questions': { answer: QuestionView[] }
  'POST /v1/accounts/{account}/questions/{question}': { answer: Learnt }
  'POST /v1/accounts/{account}/runs': { body: StartRun; answer: RunStarted }
  'DELETE /v1/runs/{run}': { answer?: undefined }
  'POST /v1/accounts/{account}/egress': { answer: AccountEgress }
  'GET /v1/accounts/{account}/gate': { answer: AccountGate }
  'PUT /v1/accounts/{account}/gate': { body: SetGate; answer: AccountGate }
  'GET /v1/gate': { answer: GateView }
  'PUT /v1/gate': { body: SetHouseGate; answer: GateView }
  'GET /v1/roll-call': { answer: RollCallView }
  'GET /v1/portfolio': { answer: PortfolioView }
  'GET /v1/accounts/{account}/history': { answer: AccountHistory }
  'GET /v1/accounts/{account}/orders': { answer: AccountOrders }
  'GET /v1/seal': { answer: SealView }
  'PUT /v1/seal': { body: SetSeal; answer: SealView }
  'DELETE /v1/seal': { answer: SealView }
  'GET /v1/keys': { answer: KeyView[] }
  'POST /v1/keys': { body: AddKey; answer: KeyAdded }
  'DELETE /v1/keys/{key}': { query: { made?: string }; answer: KeyRevoked }
  'GET /v1/alerts': { answer: AlertChannelView[] }
  'POST /v1/alerts': { body: AddAlertChannel; answer: AlertChannelAdded }
  /** `{id}`: the channel's name. */
  'PATCH /v1/alerts/{id}': { body: EditAlertChannel; answer: AlertChannelView }
  'DELETE /v1/alerts/{id}': { answer?: undefined }
  'POST /v1/alerts/{id}/test': { answer: AlertTested }
  'GET /v1/mirrors': { answer: MirrorView[] }
  'POST /v1/mirrors': { body: AddMirror; answer: MirrorView }
  'DELETE /v1/mirrors/{mirror}': { answer?: undefined }
  'POST /v1/mirrors/{mirror}/sync': { body: SyncMirror; answer: MirrorView }
  'GET /v1/calendar': { query: { from?: string; to?: string; segment?: string }; answer: CalendarDay[] }
  'GET /v1/calendar/now': { answer: MarketNow[] }
  'POST /v1/calendar': { body: CalendarChange; answer: CalendarDay[] }
  'POST /v1/calendar/lists': { body: CalendarList; answer: CalendarDay[] }
  /** `{day}`: `2026-11-10` */
  'POST /v1/calendar/{day}/move': { body: CalendarMove; answer: CalendarDay[] }
  /** `{day}`: a day, or a year. */
  'DELETE /v1/calendar/{day}': { answer?: undefined }
  'GET /v1/audit': { query: { limit?: string; account?: string; before?: string }; answer: AuditView[] }
  'GET /v1/activity': {
    query: {
      limit?: string
      before?: string
      after?: string
      up_to?: string
      account?: string
      program?: string
      kind?: string
      day?: string
    }
    answer: ActivityPage
  }
  'GET /v1/activity/accounts': { answer: ActivityAccounts }
  'POST /v1/activity/export': { body: AskActivityExport; answer: ActivityExport }
  'GET /v1/audit/verify': { answer: AuditCheck }
  'POST /v1/audit/export': { body: ExportAudit; answer: AuditExported }
  'GET /v1/unused': { answer: Unused }
  'GET /v1/doctor': { answer: DoctorFinding[] }
  /** Takes a store that went back for the latest. */
  'POST /v1/doctor/accept-rollback': { answer: RollbackAccepted }
  'GET /v1/vault': { answer: VaultView }
  'POST /v1/vault/rotate': { answer: VaultView }
  'POST /v1/vault/master': { body: ChangeMaster; answer: MasterChanged }
  'GET /v1/backup': { answer: BackupsView }
  'POST /v1/backup': { body: MakeBackup; answer: BackupsView }
  /** Tries a backup out: what was found stands in `drilled`. */
  'POST /v1/backup/drill': { body: DrillBackup; answer: BackupsView }
  'GET /v1/config': { answer: ConfigOption[] }
  /** Text for Prometheus. */
  'GET /metrics': { answer: string }
  'GET /v1/proof': { query: { key?: string; nonce?: string }; answer: Proof }
  /** Server-sent events, without an end. */
  'GET /v1/events': { query: { after?: string; run?: string }; stream: FeedEvent }
  'GET /v1/changes': { query: { after?: string }; answer: Version }
  'POST /v1/desk/link': { body: NewLink; answer: Link }
  'POST /v1/desk/sign-in': { body: SignIn; answer: SignedIn }
  'GET /v1/desk/me': { answer: Me }
  /** Whoever answers proves to be the desk that signed this page in. */
  'POST /v1/desk/proof': { body: ReturnAsked; answer: Proof }
  'POST /v1/desk/sign-out': { answer: KeyFrame }
  'POST /v1/desk/sign-out/late': { body: SignOutLate; answer: KeyFrame }
  'PATCH /v1/desk/choices': { body: ChoosePage; answer?: undefined }
  'PUT /v1/desk/drafts/{form}': { body: KeepDraft; answer?: undefined }
  'POST /v1/desk/return': { body: ReturnAsked; answer: ReturnOffered }
  'POST /v1/desk/return/start': { body: ReturnStart; answer: ReturnStarted }
  'POST /v1/desk/return/finish': { body: ReturnFinish; answer: ReturnFinished }
  'POST /v1/desk/key': { answer: KeyFrame }
  'PUT /v1/desk/key': { body: KeepKey; answer?: undefined }
  'GET /v1/desk/browsers': { answer: BrowserView[] }
  'DELETE /v1/desk/browsers': { answer: BrowsersRevoked }
  'DELETE /v1/desk/browsers/{browser}': { answer?: undefined }
  /** What to do before something dangerous; and whether it was done. */
  'POST /v1/desk/confirmation': { body: AskConfirmation; answer: Confirmation }
  'GET /v1/desk/confirmation': { answer: Fresh }
  'POST /v1/desk/confirmation/passphrase': { body: GivePassphrase; answer?: undefined }
  'POST /v1/desk/confirmation/{code}': { answer: Confirmed }
  /** Document 001's. */
  'POST /api/kite-auth/generate-session': { body: GenerateSession; answer: SessionGenerated }
  'PUT /v1/desk/passphrase': { body: SetPassphrase; answer?: undefined }
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
