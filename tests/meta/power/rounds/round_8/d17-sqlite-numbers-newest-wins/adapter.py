"""Sessions in SQLite; users are numbers inside; one session a user, and the newest log-in wins."""

from __future__ import annotations

import hashlib
import itertools
import secrets
import sqlite3
import threading
import time

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
SCHEMA = """
create table users (id integer primary key autoincrement, name blob not null unique);
create table tokens (digest text primary key, user integer not null references users(id));
create table sessions (user integer primary key references users(id), id text not null unique, digest text not null, opened real);
"""


def digest_of(token):
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new_text(kind):
    """25 letters of Crockford's alphabet, and a check digit modulo 32."""
    letters = [secrets.randbelow(32) for _ in range(25)]
    letters.append(sum(place * letter for place, letter in enumerate(letters, 1)) % 32)
    return f"{kind}_" + "".join(ALPHABET[letter] for letter in letters)


class Store:
    def __init__(self):
        self._db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._db.executescript(SCHEMA)
        self._lock = threading.RLock()

    def run(self, work):
        with self._lock:
            self._db.execute("begin immediate")
            try:
                answer = work(self._db)
            except BaseException:
                self._db.execute("rollback")
                raise
            self._db.execute("commit")
            return answer


def raw(name):
    return name.encode("utf-8", "surrogatepass")


def shown(name):
    return name.decode("utf-8", "surrogatepass")


class make(AdapterBackend):
    def __init__(self):
        self.lacks = {
            "contexts": "there is no dispatcher", "stored": "nothing is stored by thread",
            "reading": "the IDs are opaque", "cleanup": "work holds nothing here",
        }
        self.store = Store()
        self.tokens = self.sessions = self.minting = self.sockets = self

    # tokens
    def _number(self, db, user):
        db.execute("insert or ignore into users (name) values (?)", (raw(user),))
        return db.execute("select id from users where name = ?", (raw(user),)).fetchone()[0]

    async def issue(self, user):
        token = secrets.token_urlsafe(24)
        self.store.run(lambda db: db.execute("insert into tokens values (?, ?)", (digest_of(token), self._number(db, user))))
        return token

    async def withdraw(self, token):
        def work(db):
            db.execute("delete from sessions where digest = ?", (digest_of(token),))
            db.execute("delete from tokens where digest = ?", (digest_of(token),))

        self.store.run(work)

    async def reassign(self, token, user):
        def work(db):
            db.execute("delete from sessions where digest = ?", (digest_of(token),))
            db.execute("update tokens set user = ? where digest = ?", (self._number(db, user), digest_of(token)))

        self.store.run(work)

    # sessions
    async def log_in(self, token):
        digest = digest_of(token)

        def work(db):
            row = db.execute(
                "select users.id, users.name from tokens join users on users.id = tokens.user where digest = ?", (digest,)
            ).fetchone()
            if row is None:
                raise BackendRefused("unknown token")
            number, name = row
            mine = db.execute("select id, digest from sessions where user = ?", (number,)).fetchone()
            if mine is not None and mine[1] == digest:
                return shown(name), mine[0], number
            # The newest log-in of a user takes the place of this user's older one.
            text = new_text("session")
            db.execute("insert or replace into sessions values (?, ?, ?, ?)", (number, text, digest, time.time()))
            return shown(name), text, number

        user, text, number = self.store.run(work)
        # One row a user: the session's ID is its key besides, as it is never given again.
        return Session(user, text, text, {"user_id": user, "number": number})

    async def records(self):
        rows = self.store.run(
            lambda db: db.execute("select users.name, sessions.id from sessions join users on users.id = user").fetchall()
        )
        return [Session(shown(name), text, text) for name, text in rows]

    async def owner_of(self, kind, text):
        row = self.store.run(
            lambda db: db.execute("select name from sessions join users on users.id = user where sessions.id = ?", (text,)).fetchone()
        )
        return shown(row[0]) if row else None

    # minting
    def kinds(self):
        return [Kind.SESSION, Kind.CONNECTION]

    def mint(self, kind, user):
        return new_text(kind)

    def mint_context(self, user, operation):
        return ContextIds(user, new_text("thread"), new_text("run"), new_text("request"))

    def restart(self):
        """Nothing counts here."""

    # sockets
    async def connect(self, handshake):
        return Connection(new_text("line"), (await self.log_in(handshake.token)).user)
