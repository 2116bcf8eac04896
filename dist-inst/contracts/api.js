/** The wire types of `/v1`, shared by server, command line, client library and dashboard. Times are ISO 8601 in UTC. */
/** The rights of a client key. `use`: be served by the proxy. `admin` holds all others. */
export const scopes = ['status', 'use', 'read-token', 'login', 'admin'];
/** What is true about an account now; derived, never stored. */
export const sessionStatuses = ['none', 'login_pending', 'active', 'expiring', 'expired', 'revoked'];
/**
 * The routes, by name. `{account}` is an account's name. Bodies and answers by the types above.
 *
 * ```
 * GET    /v1/brokers                              BrokerView[]
 * GET    /v1/accounts                             AccountView[]
 * POST   /v1/accounts                  AddAccount → AccountView (201)
 * GET    /v1/accounts/{account}                   AccountView
 * PATCH  /v1/accounts/{account}       EditAccount → AccountView
 * DELETE /v1/accounts/{account}                   204
 * POST   /v1/accounts/{account}/login  LoginStart → LoginStarted (201)
 * GET    /v1/accounts/{account}/login/{login}     LoginView
 * DELETE /v1/accounts/{account}/login/{login}     204 (cancel)
 * POST   /v1/accounts/{account}/login/complete  LoginComplete → AccountView
 * GET    /v1/accounts/{account}/session?min_life=20m&kind=access   HandOut
 * DELETE /v1/accounts/{account}/session           AccountView (logout)
 * POST   /v1/accounts/{account}/test              TestResult
 * POST   /v1/accounts/{account}/renew             AccountView
 * GET    /v1/keys                                 KeyView[]
 * POST   /v1/keys                          AddKey → KeyAdded (201)
 * DELETE /v1/keys/{key}                           KeyView
 * GET    /v1/audit?limit=50&account=&before=      AuditView[]
 * GET    /v1/audit/verify                         AuditCheck
 * GET    /v1/doctor                               DoctorFinding[]
 * GET    /v1/config                               every option with value, source and meaning; secrets masked
 * POST   /v1/desk/link                            { url, expiresAt }  (operator only: a new sign-in link)
 * POST   /v1/desk/sign-in    { token } → { csrf, expiresAt } and a cookie
 * GET    /v1/desk/me                              { signedIn: true, expiresAt, url }
 * POST   /v1/desk/sign-out                        204
 * GET    /v1/changes?after=<n>                    { version: n }, answers when something changed or after 25 s
 * ```
 */
export const apiRoot = '/v1';
