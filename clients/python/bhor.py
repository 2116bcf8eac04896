"""The sessions of your brokers, kept by bhor, for Python 3.8 and newer. One file without a dependency.

    import bhor

    kite = bhor.kite("personal")
    print(kite.profile()["user_name"])

It asks the desk that BHOR_URL and BHOR_KEY name (`bhor exec` sets them), else the one of this user, over its socket.
A thread follows the desk's feed: a session is asked for once, used until the desk says that another one began or that it is
over, and never after that. Over the network the desk has to prove that it knows the key before the key is sent.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import http.client
import io
import json
import os
import re
import secrets
import socket
import ssl
import stat
import sys
import threading
import time
from datetime import datetime, timezone
from urllib.parse import quote, urlencode, urlsplit

__version__ = "0.1.0"
__all__ = [
    "BhorError",
    "BrokerError",
    "Desk",
    "Kite",
    "LoginNeeded",
    "Session",
    "Ticker",
    "Upstox",
    "connect",
    "gate",
    "kite",
    "on",
    "session",
    "ticker",
    "upstox",
    "wait",
]

# A sign of life comes every 15 s.
_FEED_SILENT_SECONDS = 45
_ANSWER_SECONDS = 60
_LONGEST_PROOF = 16 * 1024
# Between two attempts to build a ticker.
_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 60.0
# Linux gives up at as many.
_MOST_LINKS = 40
_NO_SESSION = ("session_none", "session_expired", "session_revoked", "unconfirmed")
# What else happens to an account does not touch the session that a program holds.
_CHANGES_THAT_COUNT = ("removed", "edited", "doubted", "paused", "resumed", "compromised", "unconfirmed")


class BhorError(Exception):
    """What the desk says, or why it cannot be asked. `code` is one of docs/reference/errors.md, `hint` the next step."""

    def __init__(self, code, message, hint="", status=None):
        super().__init__(message + (" " + hint if hint else ""))
        self.code = code
        self.hint = hint
        self.status = status


class LoginNeeded(BhorError):
    """There is no session, and only a person brings the next one."""


class BrokerError(Exception):
    """How the broker refused a request: its status, its own code and its words."""

    def __init__(self, status, body):
        said = _json_or_none(body)
        said = said if isinstance(said, dict) else {}
        errors = said.get("errors")
        first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
        self.status = status
        self.body = body
        self.error_type = said.get("error_type") or first.get("errorCode") or ""
        super().__init__(said.get("message") or first.get("message") or "The broker answered with HTTP %d." % status)


class Session(object):
    """A session as it was handed out. `raw` is all of it."""

    def __init__(self, raw):
        self.raw = raw
        self.account = raw["account"]
        self.broker = raw["broker"]
        self.kind = raw["kind"]
        self.generation = raw["generation"]
        self.access_token = raw["accessToken"]
        self.api_key = raw["apiKey"]
        self.user_id = raw["userId"]
        self.base_url = raw["baseUrl"]
        self.hosts = raw["hosts"]
        self.headers = raw["headers"]
        self.expires_at = _instant(raw["expiresAt"])

    def __repr__(self):
        # Never the token: this ends up in logs.
        return "<Session %s, generation %d, until %s>" % (self.account, self.generation, self.expires_at.isoformat())


class Desk(object):
    """One desk of bhor. Use `connect()`, or the functions of this module, which use the desk of the environment."""

    def __init__(self, url=None, key=None, home=None):
        url = (url or os.environ.get("BHOR_URL") or "").strip() or None
        self._key = (key or os.environ.get("BHOR_KEY")) if url else None
        self._place = _Place(url, home or os.environ.get("BHOR_HOME"))
        if url and not re.match(r"bhor_[A-Za-z0-9_-]{43}\Z", self._key or ""):
            raise BhorError("key_missing", "BHOR_URL is set, but BHOR_KEY holds no client key.")
        self._lock = threading.RLock()
        self._news = threading.Condition(self._lock)
        self._kept = {}
        self._asking = {}
        self._listeners = []
        self._feed = None
        self._closed = False

    # --- sessions

    def session(self, account=None, min_life=None):
        """The session of an account, from memory as long as it is the current one.

        `min_life` is text such as "20m": what ends sooner is not given. Raises LoginNeeded, and BhorError for everything
        else that keeps it back.
        """
        least = 0 if min_life is None else _seconds(min_life)
        name = self._account(account)
        with self._lock:
            # One question for all threads.
            asking = self._asking.setdefault(name, threading.Lock())
        with asking:
            kept = self._current(name)
            if kept and (kept.expires_at - _now()).total_seconds() >= least:
                return kept
            return self._hand_out(name, min_life)

    def gate(self, account=None):
        """May this account trade now? A dict with `state` ("open" or "closed"), `reason` and `text`."""
        return self._request("GET", "/v1/accounts/%s/gate" % quote(self._account(account), safe=""))

    def wait(self, account=None, gate=False, timeout=None):
        """Returns once the account is live, with `gate` once it may trade as well. It starts no login.

        `timeout` is in seconds; TimeoutError when it is over.
        """
        name = self._account(account)
        path = "/v1/accounts/%s" % quote(name, safe="")
        ends_at = None if timeout is None else time.monotonic() + timeout
        self._follow(0)
        while True:
            seen = self._feed_count()
            try:
                view = self._request("GET", path, patience=0)
                is_live = view["status"] in ("active", "expiring")
                if is_live and (not gate or view["gate"]["state"] == "open"):
                    return view
                why = view["gate"]["text"] if is_live else view["statusText"]
            except BhorError as error:
                if error.code != "server_unreachable":
                    raise
                why = str(error)
            left = None if ends_at is None else ends_at - time.monotonic()
            if left is not None and left <= 0:
                raise TimeoutError("%s is not ready. %s" % (name, why))
            with self._news:
                if self._feed_count() == seen:
                    self._news.wait(min(15.0, 15.0 if left is None else left))

    def on(self, event, listener):
        """Calls `listener(data)` with each event of this name ("session.started", …), in the thread that follows the feed."""
        self._listen([(event, listener)])
        self._follow()

    def close(self):
        """Stops following the feed."""
        with self._news:
            self._closed = True
            self._news.notify_all()
            feed = self._feed
        if feed:
            feed.stop()

    # --- clients of brokers

    def kite(self, account=None, wait=False, **options):
        """A client of Kite Connect that always uses the current session.

        It is pykiteconnect's own KiteConnect where that is installed (`options` are passed on to it), else the small
        `Kite` of this file, whose methods have the same names. With `wait` a read waits for the next session where
        there is none; an order never waits: it raises LoginNeeded.
        """
        name = self._account(account)
        official = _official("kiteconnect")
        if official is None:
            return Kite(self, name, wait)
        return _following_kite(official, self, name, wait, options)

    def upstox(self, account=None, wait=False):
        """A client of Upstox that always uses the current session.

        It is an ApiClient of upstox-python-sdk where that is installed, to be given to its Api classes, else the small
        `Upstox` of this file. `wait` as for `kite`.
        """
        name = self._account(account)
        official = _official("upstox_client")
        if official is None:
            return Upstox(self, name, wait)
        return _following_upstox(official, self, name, wait)

    def ticker(self, account=None, **options):
        """pykiteconnect's KiteTicker, built anew with each new session. `options` are passed on to it."""
        official = _official("kiteconnect")
        if official is None:
            raise ImportError("The ticker needs pykiteconnect: pip install kiteconnect")
        return Ticker(self, self._account(account), official.KiteTicker, options)

    def call(self, account, work, is_read=True, wait=False, refusal=None):
        """Calls `work(session)`, and once more with the next session where the broker refused the one that is over.

        `refusal(error)` gives status and body of the broker's answer where the error is one, else None. A refusal is
        reported to the desk, which asks the broker. What was refused was not acted on, so it may be sent again; what
        was cut off may have been, and is not.
        """
        name = self._account(account)
        for attempt in (1, 2):
            session = self._session_or_wait(name, wait and is_read)
            try:
                return work(session)
            except Exception as error:
                refused = (refusal or _refusal)(error)
                if attempt == 2 or refused is None:
                    raise
                state = self._report(session, *refused)
                if state == "dead" and wait and is_read:
                    continue
                if state != "replaced":
                    raise
        raise AssertionError("not reached")

    # --- inside

    def _session_or_wait(self, name, wait):
        while True:
            try:
                return self.session(name)
            except LoginNeeded:
                if not wait:
                    raise
            self.wait(name)

    def _account(self, account):
        name = account or os.environ.get("BHOR_ACCOUNT")
        if name:
            return name
        names = [view["account"] for view in self._request("GET", "/v1/accounts")]
        if len(names) == 1:
            return names[0]
        raise BhorError("account_not_found", "Say which account.", "There are: %s." % ", ".join(names))

    def _current(self, name):
        with self._lock:
            kept = self._kept.get(name)
            if not kept or not self._feed or self._feed.epoch != kept[1] or not self._feed.is_connected:
                return None
            return kept[0] if kept[0].expires_at > _now() else None

    def _hand_out(self, name, min_life):
        # What happens from before the question on is heard, or the answer is not kept.
        epoch = self._follow()
        path = "/v1/accounts/%s/session" % quote(name, safe="")
        query = "" if min_life is None else "?" + urlencode({"min_life": min_life})
        with self._lock:
            count = self._feed_count()
        given = Session(self._request("GET", path + query))
        with self._lock:
            if epoch is not None and count == self._feed_count():
                self._kept[name] = (given, epoch)
        return given

    def _report(self, session, status, body):
        """What the desk makes of a refusal: "alive", "doubted", "dead" or "replaced"."""
        told = {"generation": session.generation, "status": status, "body": body[:4000]}
        self._forget(session.account)
        account = quote(session.account, safe="")
        try:
            return self._request("POST", "/v1/accounts/%s/report" % account, told)["state"]
        except BhorError:
            return "unknown"

    def _request(self, method, path, body=None, patience=30):
        """One request. A desk that is started again is waited for, half a minute."""
        ends_at = time.monotonic() + patience
        while True:
            try:
                return self._place.request(self._key, method, path, body)
            except BhorError as error:
                is_read = method == "GET" or path.endswith("/report")
                if error.code != "server_unreachable" or not is_read or time.monotonic() > ends_at or self._closed:
                    raise
            time.sleep(0.5)

    def _follow(self, patience=5):
        """Follows the feed from now on. Returns what tells this connection from others; None where it cannot."""
        with self._news:
            if self._closed:
                raise BhorError("server_unreachable", "This desk was closed.")
            if self._feed is None or not self._feed.is_alive():
                self._feed = _Feed(self._place, self._key, self._heard)
                self._feed.start()
            feed = self._feed
            ends_at = time.monotonic() + patience
            while not feed.is_connected and not feed.is_refused and time.monotonic() < ends_at:
                self._news.wait(0.5)
            return feed.epoch if feed.is_connected else None

    def _listen(self, listeners):
        """Pairs of event and listener. It does not wait for the feed, as whoever asks for a session does."""
        with self._lock:
            self._listeners.extend(listeners)

    def _leave(self, listeners):
        with self._lock:
            self._listeners = [one for one in self._listeners if one not in listeners]

    def _feed_count(self):
        return self._feed.count if self._feed else 0

    def _heard(self, event, data):
        """In the thread of the feed. `event` is None where only the connection has changed."""
        with self._news:
            listeners = list(self._listeners)
            if event == "reset":
                self._kept.clear()
            elif event in ("session.started", "session.ended", "gate.changed") or (
                event == "account.changed" and data.get("change") in _CHANGES_THAT_COUNT
            ):
                if data.get("account") is None:
                    self._kept.clear()
                else:
                    self._forget(data["account"], data.get("generation") if event == "session.started" else None)
            self._news.notify_all()
        for name, listener in listeners:
            if name == event:
                listener(data)

    def _forget(self, account, older_than=None):
        with self._lock:
            kept = self._kept.get(account)
            if kept and (older_than is None or kept[0].generation < older_than):
                del self._kept[account]


class _Place(object):
    """Where a desk answers: an address, or the socket of this user's own."""

    def __init__(self, url, home):
        self._path = None
        if url is None:
            self._path = os.path.abspath(os.path.join(_expanded(home) if home else _home(), "bhor.sock"))
            return
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            # A bracket that is not closed, a port that is none.
            raise _no_address()
        self._host = (parts.hostname or "").lower()
        is_here = self._host in ("127.0.0.1", "::1")
        more = (parts.path not in ("", "/"), parts.query, parts.fragment)
        if parts.scheme not in ("http", "https") or not re.match(r"[!-~]+\Z", self._host) or any(more):
            raise _no_address()
        if parts.username is not None or (parts.scheme == "http" and not is_here):
            raise BhorError(
                "config_invalid",
                "BHOR_URL would send the client key over the network unprotected.",
                "Use https, or http to 127.0.0.1.",
            )
        self._is_tls = parts.scheme == "https"
        usual = 443 if self._is_tls else 80
        self._port = port or usual
        shown = "[%s]" % self._host if ":" in self._host else self._host
        self._origin = "%s://%s%s" % (parts.scheme, shown, "" if self._port == usual else ":%d" % self._port)

    def open(self, key, timeout):
        """A connection at whose other end is the desk; it never opens another one by itself."""
        if self._path is not None:
            _refuse_other_hands(self._path)
            connection = _SocketConnection(self._path, timeout)
        elif self._is_tls:
            connection = http.client.HTTPSConnection(
                self._host, self._port, timeout=timeout, context=ssl.create_default_context()
            )
        else:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=timeout)
        connection.connect()
        connection.auto_open = 0
        if key is not None:
            try:
                self._prove(connection, key)
            except BaseException:
                connection.close()
                raise
        return connection

    def _prove(self, connection, key):
        secret = hashlib.sha256(key.encode("ascii")).digest()
        nonce = secrets.token_urlsafe(32)
        right = hmac.new(secret, ("%s\n%s" % (nonce, self._origin)).encode("ascii"), hashlib.sha256).hexdigest()
        fingerprint = hashlib.sha256(secret).hexdigest()[:8]
        connection.request("GET", "/v1/proof?key=%s&nonce=%s" % (fingerprint, nonce))
        answer = connection.getresponse()
        said = _json_or_none(answer.read(_LONGEST_PROOF).decode("utf-8", "replace"))
        proof = said.get("proof") if answer.status == 200 and isinstance(said, dict) else None
        if isinstance(proof, str) and hmac.compare_digest(proof.encode("utf-8"), right.encode("ascii")):
            return
        if answer.status in (429, 500, 502, 503):
            raise _unreachable("The desk is busy.")
        raise BhorError(
            "server_unproven",
            "What answers at %s did not prove that it knows this key, so the key was not sent." % self._origin,
            "Check BHOR_URL, and that bhor runs there.",
        )

    def request(self, key, method, path, body):
        try:
            connection = self.open(key, _ANSWER_SECONDS)
            try:
                headers = _bearer(key)
                headers["Connection"] = "close"
                text = None
                if body is not None:
                    text = json.dumps(body)
                    headers["Content-Type"] = "application/json"
                connection.request(method, path, body=text, headers=headers)
                answer = connection.getresponse()
                said = answer.read().decode("utf-8")
            finally:
                connection.close()
        except (OSError, http.client.HTTPException) as error:
            raise _unreachable("No bhor desk answers (%s)." % type(error).__name__)
        if answer.status >= 300:
            raise _problem(answer.status, said)
        return json.loads(said) if said else None


class _SocketConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        http.client.HTTPConnection.__init__(self, "bhor", timeout=timeout)
        self._socket_path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._socket_path)


class _Feed(threading.Thread):
    """Follows GET /v1/events over as many connections as it takes, each of which goes on where the one before was cut."""

    def __init__(self, place, key, heard):
        threading.Thread.__init__(self, name="bhor feed", daemon=True)
        self._place = place
        self._key = key
        self._tell = heard
        self._connection = None
        self._is_stopped = False
        self.is_connected = False
        # A key that may not follow the feed: every session is asked for anew.
        self.is_refused = False
        # Which connection this is, and how much has been heard in all.
        self.epoch = 0
        self.count = 0

    def stop(self):
        self._is_stopped = True
        connection = self._connection
        if connection is not None and connection.sock is not None:
            try:
                connection.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def run(self):
        last_id = None
        pause = 0.25
        while not self._is_stopped:
            try:
                for event_id, event, data in self._events(last_id):
                    pause = 0.25
                    last_id = event_id or last_id
                    self._heard(event, data)
            except BhorError as error:
                if error.code != "server_unreachable" and error.status not in (429, 503):
                    self.is_refused = True
                    self._heard(None, None)
                    return
            except (OSError, http.client.HTTPException, ValueError):
                pass
            if self.is_connected:
                self.is_connected = False
                self._heard(None, None)
            time.sleep(0 if self._is_stopped else pause)
            pause = min(pause * 2, 5.0)

    def _heard(self, event, data):
        self.count += 1
        try:
            self._tell(event, data)
        except Exception:
            # A listener's own fault keeps nothing from the others.
            sys.excepthook(*sys.exc_info())

    def _events(self, last_id):
        self._connection = self._place.open(self._key, _FEED_SILENT_SECONDS)
        try:
            headers = _bearer(self._key)
            headers["Accept"] = "text/event-stream"
            if last_id is not None:
                headers["Last-Event-ID"] = last_id
            self._connection.request("GET", "/v1/events", headers=headers)
            answer = self._connection.getresponse()
            if answer.status != 200:
                raise _problem(answer.status, answer.read().decode("utf-8", "replace"))
            fields = {}
            for line in iter(answer.readline, b""):
                text = line.decode("utf-8").rstrip("\n")
                if text == "":
                    if not self.is_connected:
                        self.epoch += 1
                        self.is_connected = True
                        self._heard(None, None)
                    if "id" in fields:
                        data = json.loads(fields["data"]) if "data" in fields else None
                        yield fields["id"], fields.get("event") if data else None, data
                    fields = {}
                elif not text.startswith(":"):
                    name, _, value = text.partition(": ")
                    fields[name] = value
        finally:
            self._connection.close()


# --- clients of brokers, for whoever has none installed


class _Client(object):
    """Requests to a broker with the current session."""

    def __init__(self, desk, account, wait=False):
        self._desk = desk
        self._account = account
        self._wait = wait

    @property
    def session(self):
        return self._desk.session(self._account)

    def get(self, path, params=None):
        return self._send("GET", path, params)

    def post(self, path, params=None):
        return self._send("POST", path, params)

    def put(self, path, params=None):
        return self._send("PUT", path, params)

    def delete(self, path, params=None):
        return self._send("DELETE", path, params)

    def _send(self, method, path, params=None):
        in_body = method in ("POST", "PUT")
        pairs = [] if in_body else _flat(params)
        target = path + ("?" + urlencode(pairs) if pairs else "")

        def work(session):
            headers = dict(session.headers)
            body = None
            if in_body:
                headers["Content-Type"], body = self._encoded(params)
            return self._read(*_ask(self._root(session, path) + target, method, headers, body))

        return self._desk.call(self._account, work, is_read=method == "GET", wait=self._wait)

    def _root(self, session, path):
        return session.base_url

    def _read(self, status, kind, body):
        if status >= 300:
            raise BrokerError(status, body)
        if "json" not in kind:
            return body
        said = json.loads(body)
        if said.get("status") == "error" or "error_type" in said:
            raise BrokerError(status, body)
        return said.get("data")


class Kite(_Client):
    """Kite Connect v3 in few methods, with the names and arguments of pykiteconnect; any other route by get() and post()."""

    def profile(self):
        return self.get("/user/profile")

    def margins(self, segment=None):
        return self.get("/user/margins" if segment is None else "/user/margins/%s" % _part(segment))

    def holdings(self):
        return self.get("/portfolio/holdings")

    def positions(self):
        return self.get("/portfolio/positions")

    def orders(self):
        return self.get("/orders")

    def order_history(self, order_id):
        return self.get("/orders/%s" % _part(order_id))

    def trades(self):
        return self.get("/trades")

    def quote(self, *instruments):
        return self.get("/quote", {"i": _listed(instruments)})

    def ohlc(self, *instruments):
        return self.get("/quote/ohlc", {"i": _listed(instruments)})

    def ltp(self, *instruments):
        return self.get("/quote/ltp", {"i": _listed(instruments)})

    def instruments(self, exchange=None):
        text = self.get("/instruments" if exchange is None else "/instruments/%s" % _part(exchange))
        return list(csv.DictReader(io.StringIO(text)))

    def place_order(self, variety, **order):
        return self.post("/orders/%s" % _part(variety), dict(order, variety=variety))["order_id"]

    def modify_order(self, variety, order_id, **order):
        path = "/orders/%s/%s" % (_part(variety), _part(order_id))
        return self.put(path, dict(order, variety=variety, order_id=order_id))["order_id"]

    def cancel_order(self, variety, order_id, parent_order_id=None):
        path = "/orders/%s/%s" % (_part(variety), _part(order_id))
        return self.delete(path, {"parent_order_id": parent_order_id})["order_id"]

    def _encoded(self, params):
        # What Kite takes a list for, it takes as JSON.
        if isinstance(params, (list, tuple)):
            return _as_json(params)
        return "application/x-www-form-urlencoded", urlencode(_flat(params))


class Upstox(_Client):
    """Upstox in few methods; any other route by get(), post(), put() and delete(). Orders go to their own host."""

    def profile(self):
        return self.get("/v2/user/profile")

    def funds(self):
        return self.get("/v2/user/get-funds-and-margin")

    def holdings(self):
        return self.get("/v2/portfolio/long-term-holdings")

    def positions(self):
        return self.get("/v2/portfolio/short-term-positions")

    def orders(self):
        return self.get("/v2/order/retrieve-all")

    def place_order(self, **order):
        return self.post("/v2/order/place", order)["order_id"]

    def modify_order(self, **order):
        return self.put("/v2/order/modify", order)["order_id"]

    def cancel_order(self, order_id):
        return self.delete("/v2/order/cancel", {"order_id": order_id})["order_id"]

    def _root(self, session, path):
        is_order = re.match(r"^/v[23]/order/(place|modify|cancel)$", path)
        return session.hosts.get("orders", session.base_url) if is_order else session.base_url

    def _encoded(self, params):
        return _as_json({} if params is None else params)


# --- the official clients, following new sessions


def _official(name):
    try:
        return __import__(name)
    except ImportError:
        return None


def _following_kite(official, desk, account, wait, options):
    plain = official.KiteConnect

    class FollowingKite(plain):
        def _request(self, route, method, *args, **kwargs):
            def work(session):
                self.api_key = session.api_key
                self.root = session.base_url
                # Its urljoin drops a path from the root.
                path = urlsplit(session.base_url).path.rstrip("/")
                self._routes = {name: path + uri for name, uri in plain._routes.items()}
                self.set_access_token(session.access_token)
                return plain._request(self, route, method, *args, **kwargs)

            def refusal(error):
                if type(error).__name__ != "TokenException":
                    return None
                said = {"status": "error", "error_type": "TokenException", "message": str(error)}
                return getattr(error, "code", 403), json.dumps(said)

            return desk.call(account, work, is_read=method == "GET", wait=wait, refusal=refusal)

    session = desk._session_or_wait(account, wait)
    return FollowingKite(session.api_key, session.access_token, root=session.base_url, **options)


def _following_upstox(official, desk, account, wait):
    plain = official.ApiClient

    class FollowingUpstox(plain):
        def call_api(self, resource_path, method, *args, **kwargs):
            def work(session):
                self.configuration.host = session.base_url
                self.configuration.order_host = session.hosts.get("orders", session.base_url)
                self.configuration.access_token = session.access_token
                return plain.call_api(self, resource_path, method, *args, **kwargs)

            def refusal(error):
                if getattr(error, "status", None) != 401:
                    return None
                body = getattr(error, "body", None) or ""
                return 401, body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)

            return desk.call(account, work, is_read=method == "GET", wait=wait, refusal=refusal)

    return FollowingUpstox(official.Configuration())


class Ticker(object):
    """KiteTicker for as long as the program runs: each new session gets a new one, with the callbacks and subscriptions of before.

    Set on_ticks, on_connect, on_close, … as on a KiteTicker, then connect(). A KiteTicker cannot take another token,
    and a socket that is open says nothing about the token that it was opened with. Where the next one cannot be built yet
    (nobody may have a token, the desk is away), on_error(ws, code, reason) hears why, and it is tried again.
    """

    _CALLBACKS = (
        "on_ticks",
        "on_open",
        "on_close",
        "on_error",
        "on_connect",
        "on_message",
        "on_reconnect",
        "on_noreconnect",
        "on_order_update",
    )

    def __init__(self, desk, account, maker, options):
        self._desk = desk
        self._account = account
        self._maker = maker
        self._options = options
        self._lock = threading.RLock()
        self._now = None
        self._generation = 0
        # What was subscribed, by token, until the ticker of now has connected: its mode.
        self._carried = {}
        self._hears = [
            ("session.started", self._session_started),
            ("reset", self._reset),
            ("gate.changed", self._gate_changed),
        ]
        self._is_listening = False
        self._keeper = None
        # Another session counts than the one that it was built with, or may.
        self._is_behind = False
        self._news = threading.Event()
        self._is_closed = False
        for name in self._CALLBACKS:
            setattr(self, name, None)

    def connect(self, threaded=True, **options):
        """Connects, and follows. Without `threaded` it returns only after close(). Where it raises, call it again."""
        with self._lock:
            if not self._is_listening and not self._is_closed:
                self._is_listening = True
                self._desk._listen(self._hears)
        self._build(options)
        with self._lock:
            if self._keeper is None:
                # Not in the thread of the feed, which the question for the session waits for.
                self._keeper = threading.Thread(target=self._keep, args=(options,), name="bhor ticker", daemon=True)
                self._keeper.start()
        while not threaded and not self._is_closed:
            time.sleep(0.5)

    def close(self):
        with self._lock:
            self._is_closed = True
            self._desk._leave(self._hears)
            self._news.set()
            if self._now:
                self._now.close()

    def is_connected(self):
        return bool(self._now and self._now.is_connected())

    def subscribe(self, tokens):
        return self._now.subscribe(tokens)

    def unsubscribe(self, tokens):
        return self._now.unsubscribe(tokens)

    def set_mode(self, mode, tokens):
        return self._now.set_mode(mode, tokens)

    def _session_started(self, data):
        if data["account"] == self._account and data["generation"] > self._generation:
            self._look_again()

    def _reset(self, data):
        # What was not heard may have been a session.
        self._look_again()

    def _gate_changed(self, data):
        # What kept the session back may be over; the house's gates are those of no account.
        if data["account"] in (None, self._account):
            self._news.set()

    def _look_again(self):
        self._is_behind = True
        self._news.set()

    def _keep(self, connect_options):
        pause = _FIRST_PAUSE_SECONDS
        while True:
            is_told = self._news.wait(pause if self._is_behind else None)
            self._news.clear()
            if self._is_closed or self._desk._closed:
                return
            if not self._is_behind:
                continue
            if is_told:
                pause = _FIRST_PAUSE_SECONDS
            self._is_behind = False
            try:
                self._build(connect_options)
            except Exception as error:
                self._is_behind = True
                self._tell(error)
                if not is_told:
                    pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    def _tell(self, error):
        try:
            if self.on_error:
                self.on_error(self._now, getattr(error, "code", None), str(error))
        except Exception:
            # A listener's own fault ends nothing.
            sys.excepthook(*sys.exc_info())

    def _build(self, connect_options):
        session = self._desk.session(self._account)
        root = session.hosts.get("ticker")
        if root is None and session.kind != "live":
            # Without a root a KiteTicker sends the token to the real host.
            raise BhorError("not_found", "%s is a %s account, which has no ticker." % (self._account, session.kind))
        options = dict(self._options)
        if root is not None:
            options["root"] = root
        with self._lock:
            if self._is_closed or session.generation <= self._generation:
                return
            before = self._now
            if before:
                self._carried.update(before.subscribed_tokens)
                # What ends here is no end for the program.
                for name in self._CALLBACKS:
                    setattr(before, name, None)
                before.close()
            now = self._maker(session.api_key, session.access_token, **options)
            for name in self._CALLBACKS:
                setattr(now, name, getattr(self, name))
            now.on_connect = self._connected
            self._now = now
            generation, self._generation = self._generation, session.generation
        try:
            _in_reactor(lambda: now.connect(threaded=True, **connect_options))
        except BaseException:
            with self._lock:
                if self._now is now:
                    self._generation = generation
            raise

    def _connected(self, ws, response):
        if self.on_connect:
            self.on_connect(ws, response)
        with self._lock:
            carried = dict(self._carried)
        modes = {}
        for token, mode in carried.items():
            if token not in ws.subscribed_tokens:
                modes.setdefault(mode, []).append(token)
        for mode, tokens in modes.items():
            ws.subscribe(tokens)
            ws.set_mode(mode, tokens)
        with self._lock:
            # After a cut a KiteTicker subscribes by itself, and what was given up meanwhile stays so.
            if ws is self._now:
                self._carried = {}


def _in_reactor(work):
    """A reactor of Twisted that runs already takes work from no other thread directly."""
    reactor = sys.modules.get("twisted.internet.reactor")
    if reactor is not None and reactor.running:
        reactor.callFromThread(work)
    else:
        work()


# --- small things


def _ask(url, method, headers, body):
    """One request to a broker. Never through a redirect; status, content type and text."""
    parts = urlsplit(url)
    make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    more = {"context": ssl.create_default_context()} if parts.scheme == "https" else {}
    connection = make(parts.hostname, parts.port, timeout=_ANSWER_SECONDS, **more)
    try:
        target = parts.path + ("?" + parts.query if parts.query else "")
        connection.request(method, target, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Content-Type", ""), answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def _refusal(error):
    """A 401, or Kite's 403: what else is refused with a 403 is no matter of the session, and the desk knows it."""
    if isinstance(error, BrokerError) and error.status in (401, 403):
        return error.status, error.body
    return None


def _flat(params):
    """As pairs; what is None is left out."""
    pairs = []
    for name, value in (params or {}).items():
        for each in value if isinstance(value, (list, tuple)) else [value]:
            if each is not None:
                pairs.append((name, each))
    return pairs


def _as_json(params):
    return "application/json", json.dumps(_without_none(params))


def _without_none(value):
    """As it was given; a field that is None is left out."""
    if isinstance(value, dict):
        return {name: _without_none(each) for name, each in value.items() if each is not None}
    if isinstance(value, (list, tuple)):
        return [_without_none(each) for each in value]
    return value


def _listed(instruments):
    return list(instruments[0]) if len(instruments) == 1 and isinstance(instruments[0], (list, tuple)) else list(instruments)


def _part(text):
    return quote(str(text), safe="")


def _bearer(key):
    return {} if key is None else {"Authorization": "Bearer " + key}


def _no_address():
    return BhorError("config_invalid", "BHOR_URL must be only http(s)://host:port.")


def _unreachable(text):
    return BhorError("server_unreachable", text, "Start it: bhor serve")


def _problem(status, text):
    said = _json_or_none(text)
    if not isinstance(said, dict) or "code" not in said:
        return _unreachable("The desk answered with HTTP %d." % status)
    kind = LoginNeeded if said["code"] in _NO_SESSION else BhorError
    return kind(said["code"], said.get("detail", ""), said.get("hint", ""), status)


def _json_or_none(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def _instant(text):
    whole = re.sub(r"\.\d+", "", text)
    return datetime.strptime(whole, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def _now():
    return datetime.now(timezone.utc)


def _seconds(min_life):
    """Of "90s", "20m", "1h"."""
    found = re.match(r"([0-9]{1,5})([smh])\Z", min_life) if isinstance(min_life, str) else None
    seconds = int(found.group(1)) * {"s": 1, "m": 60, "h": 3600}[found.group(2)] if found else None
    if seconds is None or seconds > 24 * 3600:
        text = "min_life must be a number with a unit, at most 24h."
        raise BhorError("bad_field", text, "Write 90s, 20m or 1h.")
    return seconds


def _expanded(path):
    """A shell does not expand ~ in quotes, in a file or behind =."""
    if not path.startswith("~"):
        return path
    if path == "~" or path.startswith("~/"):
        return os.path.expanduser(path)
    text = "BHOR_HOME begins with the folder of another user (~name)."
    raise BhorError("config_invalid", text, "Write the whole path, or ./~… for a file of that name.")


def _home():
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Application Support/bhor")
    state = os.environ.get("XDG_STATE_HOME", "")
    return os.path.join(state if os.path.isabs(state) else os.path.expanduser("~/.local/state"), "bhor")


def _refuse_other_hands(path):
    """Whoever could put another socket there could hear what is asked: it, every folder on its way and every link is judged."""
    try:
        _judge(path, _MOST_LINKS)
        if not stat.S_ISSOCK(os.stat(path).st_mode):
            raise _unreachable("%s is no socket." % path)
    except OSError:
        raise _unreachable("No bhor desk at unix:%s." % path)


def _judge(path, links):
    folder = os.path.dirname(path)
    if folder != path:
        _judge(folder, links)
    found = os.lstat(path)
    is_link = stat.S_ISLNK(found.st_mode)
    # In such a folder (/tmp) nobody can replace what is another's.
    is_sticky = stat.S_ISDIR(found.st_mode) and found.st_uid == 0 and found.st_mode & stat.S_ISVTX
    if found.st_uid not in (os.getuid(), 0) or (found.st_mode & 0o022 and not is_sticky and not is_link):
        raise BhorError("permissions_too_wide", "Others can write to %s, or it is theirs." % path)
    if is_link and links > 0:
        # A link is read from where its folder really is.
        _judge(os.path.normpath(os.path.join(os.path.realpath(folder), os.readlink(path))), links - 1)


# --- the desk of the environment

_desk = None
_desk_of = None
_desk_lock = threading.Lock()


def connect(url=None, key=None, home=None):
    """Another desk than the one of the environment, or the same under its own name."""
    return Desk(url, key, home)


def _default():
    global _desk, _desk_of
    with _desk_lock:
        # Threads do not survive a fork.
        if _desk is None or _desk_of != os.getpid():
            _desk, _desk_of = Desk(), os.getpid()
        return _desk


def session(account=None, min_life=None):
    return _default().session(account, min_life)


def gate(account=None):
    return _default().gate(account)


def wait(account=None, gate=False, timeout=None):
    return _default().wait(account, gate, timeout)


def on(event, listener):
    _default().on(event, listener)


def kite(account=None, wait=False, **options):
    return _default().kite(account, wait, **options)


def upstox(account=None, wait=False):
    return _default().upstox(account, wait)


def ticker(account=None, **options):
    return _default().ticker(account, **options)
