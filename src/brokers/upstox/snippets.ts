import type { Broker } from '../../contracts/broker.ts'

/** For the client upstox-python-sdk 2; the one for Node has no types and one client for the whole process. */
export const snippets = {
  python: {
    install: 'pip install upstox-python-sdk requests',
    imports: 'import upstox_client',
    use: `configuration = upstox_client.Configuration()
configuration.access_token = session["accessToken"]
configuration.host = session["baseUrl"]
users = upstox_client.UserApi(upstox_client.ApiClient(configuration))
print(users.get_profile("2.0").data.user_name)`,
  },
} as const satisfies Broker['snippets']
