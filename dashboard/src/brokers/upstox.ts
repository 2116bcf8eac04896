import type { BrokerPage } from './broker-page.ts'

/** https://upstox.com/developer/api-documentation/get-profile and the client upstox-python-sdk 2. */
export const upstox: BrokerPage = {
  links: [
    { label: 'Upstox', url: 'https://login.upstox.com/' },
    { label: 'Upstox developer apps', url: 'https://account.upstox.com/developer/apps' },
  ],
  header: 'Accept: application/json\nAuthorization: Bearer <access token>',
  profilePath: '/v2/user/profile',
  python: {
    install: 'pip install upstox-python-sdk requests',
    imports: 'import upstox_client',
    use: `configuration = upstox_client.Configuration()
configuration.access_token = session["accessToken"]
configuration.host = session["baseUrl"]
users = upstox_client.UserApi(upstox_client.ApiClient(configuration))
print(users.get_profile("2.0").data.user_name)`,
  },
}
