"""pykiteconnect, played: it cannot be installed here. Its requests are those that facts and documentation describe.

It joins its root and each route with urljoin, sends X-Kite-Version, User-Agent and, once there is a token, "token key:token";
what GET and DELETE carry stands in the query, what POST and PUT carry in a form. The order of an argument is sent as given.
"""

import json
import sys
import types
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import Request, urlopen


class KiteException(Exception):
    def __init__(self, message, code=500):
        super(KiteException, self).__init__(message)
        self.code = code


exceptions = types.ModuleType("kiteconnect.exceptions")
exceptions.KiteException = KiteException
for _name in ("GeneralException", "TokenException", "PermissionException", "OrderException", "InputException", "NetworkException"):
    setattr(exceptions, _name, type(_name, (KiteException,), {}))
sys.modules["kiteconnect.exceptions"] = exceptions


class KiteConnect(object):
    _default_root_uri = "https://api.kite.trade"
    _routes = {
        "user.profile": "/user/profile",
        "user.margins": "/user/margins",
        "orders": "/orders",
        "order.place": "/orders/{variety}",
        "order.cancel": "/orders/{variety}/{order_id}",
        "portfolio.positions": "/portfolio/positions",
        "portfolio.holdings": "/portfolio/holdings",
    }

    def __init__(self, api_key, access_token=None, root=None, debug=False, timeout=None, proxies=None, pool=None, disable_ssl=False):
        self.api_key = api_key
        self.access_token = access_token
        self.root = root or self._default_root_uri
        self.timeout = timeout or 7

    def set_access_token(self, access_token):
        self.access_token = access_token

    def profile(self):
        return self._request("user.profile", "GET")

    def margins(self):
        return self._request("user.margins", "GET")

    def holdings(self):
        return self._request("portfolio.holdings", "GET")

    def positions(self):
        return self._request("portfolio.positions", "GET")

    def orders(self):
        return self._request("orders", "GET")

    def place_order(self, variety, **order):
        params = {name: value for name, value in dict(order, variety=variety).items() if value is not None}
        return self._request("order.place", "POST", url_args={"variety": variety}, params=params)["order_id"]

    def cancel_order(self, variety, order_id, parent_order_id=None):
        args = {"variety": variety, "order_id": order_id}
        params = {"parent_order_id": parent_order_id} if parent_order_id else None
        return self._request("order.cancel", "DELETE", url_args=args, params=params)["order_id"]

    def _request(self, route, method, url_args=None, params=None, is_json=False, query_params=None):
        uri = self._routes[route].format(**(url_args or {}))
        url = urljoin(self.root, uri)
        headers = {"X-Kite-Version": "3", "User-Agent": "Kiteconnect-python/5.2.0"}
        if self.api_key and self.access_token:
            headers["Authorization"] = "token " + self.api_key + ":" + self.access_token
        body = None
        if method in ("GET", "DELETE"):
            url += "?" + urlencode(params) if params else ""
        else:
            body = urlencode(params or {}).encode("ascii")
        try:
            with urlopen(Request(url, body, headers, method=method), timeout=self.timeout) as answer:
                status, kind, text = answer.status, answer.headers["content-type"], answer.read()
        except HTTPError as error:
            status, kind, text = error.code, error.headers["content-type"], error.read()
        if "json" not in kind:
            raise exceptions.GeneralException("Unknown Content-Type", code=status)
        data = json.loads(text)
        if data.get("status") == "error" or data.get("error_type"):
            known = getattr(exceptions, data.get("error_type"), exceptions.GeneralException)
            raise known(data["message"], code=status)
        return data["data"]


class KiteTicker(object):
    """Tells on stdout what a KiteTicker would do, and opens no socket."""

    MODE_LTP = "ltp"
    MODE_QUOTE = "quote"
    made = []

    def __init__(self, api_key, access_token, debug=False, root=None, reconnect=True):
        self.socket_url = "%s?api_key=%s&access_token=%s" % (root or "wss://ws.kite.trade", api_key, access_token)
        self.subscribed_tokens = {}
        self.is_closed = False
        self.on_ticks = self.on_connect = self.on_close = None
        KiteTicker.made.append(self)

    def connect(self, threaded=False):
        if self.on_connect:
            self.on_connect(self, {})

    def close(self):
        self.is_closed = True
        if self.on_close:
            self.on_close(self, 1000, "")

    def is_connected(self):
        return not self.is_closed

    def subscribe(self, tokens):
        for token in tokens:
            self.subscribed_tokens[token] = self.MODE_QUOTE

    def set_mode(self, mode, tokens):
        for token in tokens:
            self.subscribed_tokens[token] = mode
