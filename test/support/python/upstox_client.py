"""upstox-python-sdk, played: the hosts that it asks and the headers that it sends, as facts describe them."""

import json
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.request import Request, urlopen

_order_paths = ("/v2/order/place", "/v2/order/modify", "/v2/order/cancel", "/v3/order/place", "/v3/order/modify", "/v3/order/cancel")


class ApiException(Exception):
    def __init__(self, status, body):
        super(ApiException, self).__init__("(%d)" % status)
        self.status = status
        self.body = body


class Configuration(object):
    def __init__(self):
        self.host = "https://api.upstox.com"
        self.order_host = "https://api-hft.upstox.com"
        self.access_token = ""


class ApiClient(object):
    def __init__(self, configuration=None):
        self.configuration = configuration or Configuration()

    def call_api(self, resource_path, method, body=None):
        config = self.configuration
        host = config.order_host if resource_path in _order_paths else config.host
        headers = {"Accept": "application/json", "Authorization": "Bearer " + config.access_token}
        headers["X-Upstox-SDK-Language"] = "python"
        text = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            text = json.dumps(body).encode("utf-8")
        try:
            with urlopen(Request(host + resource_path, text, headers, method=method), timeout=7) as answer:
                return json.loads(answer.read(), object_hook=lambda fields: SimpleNamespace(**fields))
        except HTTPError as error:
            raise ApiException(error.code, error.read())


class UserApi(object):
    def __init__(self, api_client=None):
        self.api_client = api_client or ApiClient()

    def get_profile(self, api_version):
        return self.api_client.call_api("/v2/user/profile", "GET")


class OrderApi(object):
    def __init__(self, api_client=None):
        self.api_client = api_client or ApiClient()

    def place_order(self, body, api_version):
        return self.api_client.call_api("/v2/order/place", "POST", body=body)
