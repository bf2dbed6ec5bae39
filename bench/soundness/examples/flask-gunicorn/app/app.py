from flask import Flask, Response, abort, flash, jsonify, redirect, render_template, request, send_file, session, url_for

app = Flask(__name__)
app.secret_key = "for-tests-alone"


@app.route("/")
def front():
    return "Hello from Flask and gunicorn\n"


@app.route("/page")
def page():
    flash("seen")
    return render_template("page.html", words=["io", "europa"], now={"a": [1, None]})


@app.route("/echo", methods=["POST", "PUT"])
def echo():
    return jsonify(form=request.form, json=request.get_json(silent=True), files=sorted(request.files))


@app.route("/login", methods=["POST"])
def login():
    session["name"] = request.form["name"]
    return redirect(url_for("page"))


@app.route("/codec/<name>")
def codec(name):
    return Response("Gr\u00fc\u00dfe \u65e5\u672c".encode(name, "replace").hex())


@app.route("/zone/<path:name>")
def zone(name):
    from datetime import datetime, timezone
    from zoneinfo import ZoneInfo

    return datetime(2024, 7, 1, tzinfo=timezone.utc).astimezone(ZoneInfo(name)).isoformat()


@app.route("/yaml")
def as_yaml():
    import yaml

    return yaml.safe_dump({"moons": ["Io", {"a": 1.5}]})


@app.route("/fetch")
def fetch():
    import requests

    try:
        requests.get("https://127.0.0.1:9/", timeout=1)
    except requests.RequestException as error:
        return type(error).__name__


@app.route("/hash")
def hashes():
    import hashlib
    import hmac
    import secrets

    assert secrets.token_hex(4)
    return hmac.new(b"k", b"v", hashlib.blake2b).hexdigest() + hashlib.new("sha512", b"x").hexdigest()


@app.route("/db")
def database():
    import sqlite3

    with sqlite3.connect(":memory:") as connection:
        return str(connection.execute("select upper('io'), date('2024-02-29', '+1 year')").fetchall())


@app.route("/file")
def file():
    import io

    return send_file(io.BytesIO(b"PK"), mimetype="application/zip", download_name="a.zip")


@app.route("/guess")
def guess():
    import mimetypes

    return str([mimetypes.guess_type(f"a.{e}") for e in ("html", "svg", "docx", "webm", "ics", "odt")])


@app.route("/users")
def users():
    import grp
    import pwd

    return pwd.getpwuid(0).pw_name + grp.getgrnam("staff").gr_name


@app.route("/pool")
def pool():
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as executor:
        return str(list(executor.map(lambda n: n * n, range(4))))


@app.route("/xml")
def xml():
    import xml.etree.ElementTree as tree

    return tree.tostring(tree.fromstring("<a><b>1</b></a>"), encoding="unicode")


@app.route("/gone")
def gone():
    abort(410)


@app.route("/boom")
def boom():
    raise RuntimeError("boom")
