"""A WordPress of its own: MariaDB, php-fpm and nginx in a folder, as one user without rights, on sockets and one port of loopback.

Nothing of the machine is touched but what Debian installed; all of it ends with its `with` block, by process id.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
WAYS = ("extension", "ffi", "command", "cron")
"""How php-fpm reaches the channel: see Flxchannel_Channel in the plugin."""

MODULES = ("mysqlnd", "mysqli", "curl", "dom", "xml", "simplexml", "xmlreader", "ctype", "tokenizer", "iconv", "fileinfo", "posix")
USER = "www-data" if os.geteuid() == 0 else ""


class House:
    """A running WordPress with the plugin installed, in `folder`."""

    def __init__(self, folder: Path, library: Path, flx: Path, extension: Path, hub_url: str, token: str) -> None:
        self.folder, self.library, self.flx, self.extension = folder, library.resolve(), flx.resolve(), extension.resolve()
        self.hub_url, self.token = hub_url, token
        self.www = folder / "www"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.way = ""
        self._running: "dict[str, subprocess.Popen[bytes]]" = {}
        self._php = shutil.which("php8.2") or shutil.which("php") or "php"

    def __enter__(self) -> House:
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in ("tmp", "state"):
            (self.folder / name).mkdir(mode=0o700, exist_ok=True)
        self._lay_files()
        self.give_away(self.folder)
        try:
            self._start_database()
            self.serve("extension")
            self.php(str(HERE / "install.php"), self.url, f"{self.www}/wp-load.php", time_s=120)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in ("nginx", "fpm", "mariadb"):
            self.stop(name)

    # Servers

    def serve(self, way: str) -> None:
        """Start php-fpm and nginx, with php-fpm reaching the channel in one of WAYS."""
        assert way in WAYS, way
        self.stop("nginx")
        self.stop("fpm")
        self.way = way
        (self.folder / "fpm.ini").write_text(self._ini(way))
        (self.folder / "fpm.conf").write_text(
            f"[global]\nerror_log = {self.folder}/fpm.log\ndaemonize = no\n[www]\nlisten = {self.folder}/fpm.sock\npm = static\n"
            "pm.max_children = 4\nclear_env = no\ncatch_workers_output = yes\nslowlog = /dev/null\n")
        program = sorted(Path("/usr/sbin").glob("php-fpm8*"))[-1]
        environment = {"LD_LIBRARY_PATH": str(self.library.parent)} if way != "ffi" else {}
        self._start("fpm", [str(program), "-n", "-c", f"{self.folder}/fpm.ini", "-F", "-y", f"{self.folder}/fpm.conf"], environment)
        self._until(lambda: (self.folder / "fpm.sock").exists(), "php-fpm")
        (self.folder / "nginx.conf").write_text(NGINX.format(folder=self.folder, www=self.www, port=self.port))
        self._start("nginx", ["nginx", "-e", f"{self.folder}/nginx.log", "-p", str(self.folder), "-c", f"{self.folder}/nginx.conf"])
        self._until(lambda: answers(self.port), "nginx")

    def stop(self, name: str) -> None:
        """End one server, and wait for it."""
        process = self._running.pop(name, None)
        if process is None:
            return
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        (self.folder / "fpm.sock").unlink(missing_ok=True) if name == "fpm" else None

    def workers(self) -> "list[int]":
        """The processes of php-fpm that take requests."""
        master = self._running["fpm"].pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        return [int(child) for child in children]

    # The shop from inside

    def php(self, *words: str, time_s: float = 300, environment: "dict[str, str] | None" = None) -> str:
        """Run PHP's command line as the shop's user; what it prints."""
        given = self.environment(environment)
        done = subprocess.run(self.command(*words), env=given, capture_output=True, text=True, timeout=time_s)
        if done.returncode:
            raise RuntimeError(f"php {' '.join(words)} ended with {done.returncode}: {done.stdout[-2000:]} {done.stderr[-2000:]}")
        return done.stdout

    def command(self, *words: str) -> "list[str]":
        return [*self.as_user(), self._php, "-n", "-c", f"{self.folder}/cli.ini", *words]

    def environment(self, more: "dict[str, str] | None" = None) -> "dict[str, str]":
        """That of programs which the shop's user runs: by FFI, as on any command line."""
        return {
            "PATH": f"{self.flx.parent}:/usr/local/bin:/usr/bin:/bin", "LD_LIBRARY_PATH": str(self.library.parent),
            "TMPDIR": f"{self.folder}/tmp",
            "PHPRC": f"{self.folder}/cli.ini",
            "PHP_INI_SCAN_DIR": "", **(more or {})}

    def channel(self) -> "dict[str, str]":
        """The settings of the channel, as flx takes them."""
        return {"FLXCHANNEL_CHANNEL": "wordpress", "FLXCHANNEL_TOKEN": self.token, "FLXCHANNEL_ORIGIN": self.hub_url,
                "FLXCHANNEL_STATE_DIR": f"{self.folder}/state/flx"}

    def run(self, code: str, environment: "dict[str, str] | None" = None) -> str:
        """Run PHP code within WordPress."""
        return self.php("-r", f"require '{self.www}/wp-load.php'; {code}", environment=environment)

    def sql(self, query: str) -> "list[list[str]]":
        """Ask the shop's database."""
        command = [*self._database(), "-N", "-B", "--raw", "shop", "-e", query]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise RuntimeError(f"{query}: {done.stderr}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def set(self, **settings: str) -> None:
        """Change settings of the plugin, as its page does."""
        pairs = ", ".join(f"{name!r} => {value!r}" for name, value in settings.items())
        self.run(f"update_option('flxchannel', array_merge((array) get_option('flxchannel', array()), array({pairs})));")

    # Laying it out

    def _lay_files(self) -> None:
        shutil.copytree("/usr/share/wordpress", self.www, ignore=shutil.ignore_patterns("wp-content", "wp-config.php", ".htaccess"))
        content = self.www / "wp-content"
        (content / "plugins").mkdir(parents=True)
        shutil.copytree("/usr/share/wordpress/wp-content/themes/twentytwentythree", content / "themes/twentytwentythree")
        (content / "mu-plugins").mkdir()
        shutil.copy(HERE / "stage.php", content / "mu-plugins/stage.php")
        for plugin in ("flxchannel", "flxchannel-woocommerce"):
            shutil.copytree(ROOT / "examples/wordpress" / plugin, content / "plugins" / plugin)
        # Library and package as a host has them.
        for command in (["bindings/c/install.sh", self.library], ["bindings/php/install.sh"]):
            subprocess.run([ROOT / command[0], *command[1:], self.folder / "usr"], check=True, stdout=subprocess.DEVNULL)
        settings = {
            "DB_NAME": "shop", "DB_USER": "root", "DB_PASSWORD": "", "DB_HOST": f"localhost:{self.folder}/db.sock",
            "DB_CHARSET": "utf8mb4",
            "WP_HOME": self.url, "WP_SITEURL": self.url, "DISABLE_WP_CRON": True, "WP_HTTP_BLOCK_EXTERNAL": True,
            "AUTOMATIC_UPDATER_DISABLED": True, "FLXCHANNEL_TOKEN": self.token, "FLXCHANNEL_ORIGIN": self.hub_url,
            "FLXCHANNEL_STATE_DIR": f"{self.folder}/state/flx",
            "FLXCHANNEL_PACKAGE": f"{self.folder}/usr/share/flxchannel/php/autoload.php",
            "FLXCHANNEL_FLX": str(self.flx), "FLXCHANNEL_PHP": f"{self.folder}/php",
        }
        lines = [f"define('{name}', {'true' if value is True else repr(value)});" for name, value in settings.items()]
        names = [f"{what}_{kind}" for what in ("AUTH", "SECURE_AUTH", "LOGGED_IN", "NONCE") for kind in ("KEY", "SALT")]
        keys = [f"define('{name}', '{os.urandom(24).hex()}');" for name in names]
        (self.www / "wp-config.php").write_text("\n".join([
            "<?php", *lines, *keys, "$table_prefix = 'wp_';", "defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');",
            "require_once ABSPATH . 'wp-settings.php';", ""]))
        (self.folder / "cli.ini").write_text(self._ini("cli"))
        # The PHP that flx starts for its handler: that of this house.
        (self.folder / "php").write_text(f'#!/bin/sh\nexec {self._php} -n -c {self.folder}/cli.ini "$@"\n')
        (self.folder / "php").chmod(0o755)

    def _ini(self, way: str) -> str:
        lines = [f"extension={name}" for name in MODULES if Path(extension_dir(), f"{name}.so").exists()]
        lines += ["zend_extension=opcache", "opcache.enable=1", "memory_limit=256M", f"sys_temp_dir={self.folder}/tmp",
                  "display_errors=0", "log_errors=1", f"error_log={self.folder}/php.log", "cgi.fix_pathinfo=0"]
        if way == "extension":
            lines += [f"extension={self.extension}"]
        if way == "cli":
            lines += ["extension=ffi", "ffi.enable=preload"]
        if way == "ffi":
            share = self.folder / "usr/share/flxchannel"
            lines += ["extension=ffi", "ffi.enable=preload", f"ffi.preload={share}/flxchannel.php.h",
                      f"opcache.preload={share}/php/preload.php"]
        if way == "cron":
            lines += ["disable_functions=proc_open,exec,shell_exec,system,passthru,popen"]
        return "\n".join(lines) + "\n"

    @staticmethod
    def give_away(place: Path) -> None:
        """It is the shop's user's, with all that is in it."""
        if USER:
            subprocess.run(["chown", "-R", f"{USER}:{USER}", place], check=True)

    def _start_database(self) -> None:
        data = self.folder / "db"
        make = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db"]
        make += ["--auth-root-authentication-method=normal"]
        with (self.folder / "mariadb.out").open("wb") as log:
            subprocess.run([*self.as_user(), *make], env=self.environment(), check=True, stdout=log, stderr=log)
        self._start("mariadb", [
            "mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={self.folder}/db.sock", "--skip-networking",
            f"--pid-file={self.folder}/db.pid", f"--log-error={self.folder}/db.log", f"--tmpdir={self.folder}/tmp",
            "--innodb-buffer-pool-size=64M"])
        self._until(lambda: (self.folder / "db.sock").exists(), "MariaDB")
        subprocess.run([*self._database(), "-e", "CREATE DATABASE shop CHARACTER SET utf8mb4"], check=True)

    def _database(self) -> "list[str]":
        return ["mariadb", "--no-defaults", "-u", "root", f"--socket={self.folder}/db.sock", "--default-character-set=utf8mb4"]

    def _start(self, name: str, command: "list[str]", environment: "dict[str, str] | None" = None) -> None:
        log = (self.folder / f"{name}.out").open("ab")
        path = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", **(environment or {})}
        self._running[name] = subprocess.Popen([*self.as_user(), *command], env=path, stdout=log, stderr=log, cwd=self.folder)

    def _until(self, is_so: "Any", what: str) -> None:
        for _ in range(1200):
            if is_so():
                return
            ended = [name for name, process in self._running.items() if process.poll() is not None]
            if ended:
                raise RuntimeError(f"{what} does not come up: {ended} ended; see {self.folder}")
            time.sleep(0.05)
        raise RuntimeError(f"{what} does not come up; see {self.folder}")

    @staticmethod
    def as_user() -> "list[str]":
        return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--"] if USER else []


NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/tmp/body;
    fastcgi_temp_path {folder}/tmp/fastcgi;
    proxy_temp_path {folder}/tmp/proxy;
    uwsgi_temp_path {folder}/tmp/uwsgi;
    scgi_temp_path {folder}/tmp/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {www};
        index index.php;
        location /picture/ {{
            default_type image/svg+xml;
            return 200 '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 160">
                <rect width="240" height="160" fill="rgb(223,231,234)"/><circle cx="180" cy="45" r="18" fill="orange"/>
                <path d="M20 140 90 50l50 60 30-30 50 60z" fill="rgb(125,151,160)"/></svg>';
        }}
        location / {{ try_files $uri $uri/ /index.php?$args; }}
        location ~ \\.php$ {{
            include /etc/nginx/fastcgi_params;
            fastcgi_param HTTP_HOST $http_host;
            fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
            fastcgi_pass unix:{folder}/fpm.sock;
            fastcgi_read_timeout 300;
        }}
    }}
}}
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def extension_dir() -> str:
    return subprocess.check_output(["php", "-n", "-r", "echo ini_get('extension_dir');"], text=True)


def fetched(url: str) -> str:
    """A page as anybody sees it."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return str(answer.read().decode())
