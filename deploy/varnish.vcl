# The newsroom behind Varnish 7.1 with varnish-modules (Debian 12); docs/deploy.md says how both are started.
# With `-p http_gzip_support=off` the newsroom's own forms (br, gzip, plain) and their ETags are kept and sent as they are.
#
# **What is kept**: what the newsroom says, in Surrogate-Control, may be kept until it is purged by a key of its
# Surrogate-Key. Nothing else; and nothing is answered after its time, or while something newer is fetched (no grace).
#
# **Never older than the last purge.** A PURGE changes the `generation` first, and takes away what stands on its keys
# after that; both before it is answered. An answer is kept under the generation that its fetch began in:
# 1. It begins before a purge, and its headers come after it: vcl_backend_response sees the generation moved, and keeps
#    nothing.
# 2. It begins before a purge, which comes in between that look and the moment in which Varnish shows the object to all
#    (some microseconds; VCL has no word in them), so that the purge may miss it. Whoever fetched it looks once more,
#    in vcl_deliver, when it is shown: where the generation has moved, they take the object away, by a key that it alone
#    has. Whoever else finds it meanwhile takes nothing that is younger than ten seconds and of an earlier generation:
#    they are passed to the newsroom. (So a thread would have to rest ten seconds in just those lines.)
# 3. It begins after a purge: the newsroom's own store was purged before, and answers what is new.
# The generation is the token of the last PURGE, by chance, so it never comes back; it starts anew with Varnish, whose
# memory is empty then.
#
# **When it cannot be purged** the newsroom says so at /health/kept/, and answers to nobody there when it is away: each
# second Varnish asks, and answers nothing of its own until it hears yes.

vcl 4.1;

import std;
import var;
import xkey;

# interval and timeout together are the newsroom's LEASE, with a second to spare (newsroom/delivery/outer.py).
probe may_answer {
    .request = "GET /health/kept/ HTTP/1.1" "Host: localhost" "Connection: close";
    .interval = 1s;
    .timeout = 1s;
    .window = 1;
    .threshold = 1;
    .initial = 0;
}

backend newsroom {
    .path = "/run/newsroom/web.sock";
    .connect_timeout = 5s;
    .first_byte_timeout = 60s;
    .between_bytes_timeout = 60s;
}

backend lease {
    .path = "/run/newsroom/web.sock";
    .probe = may_answer;
}

# Who may purge: the machines that the newsroom and its worker run on.
acl purgers {
    "127.0.0.1";
    "::1";
}

# Who may say where a request comes from: nginx, which speaks TLS and writes these headers itself.
acl proxies {
    "127.0.0.1";
    "::1";
}

sub vcl_init {
    var.global_set("generation", "since " + now);
}

sub vcl_recv {
    set req.backend_hint = newsroom;
    unset req.http.Kept-Made;
    # To the newsroom these are the same names as those with hyphens, which say who asks (WSGI, as CGI before it).
    unset req.http.X_Forwarded_For;
    unset req.http.X_Forwarded-For;
    unset req.http.X-Forwarded_For;
    unset req.http.X_Forwarded_Proto;
    unset req.http.X_Forwarded-Proto;
    unset req.http.X-Forwarded_Proto;

    # Varnish has added its client to X-Forwarded-For. A request that came through nginx has two names there.
    if (req.method == "PURGE") {
        if (client.ip !~ purgers || req.http.X-Forwarded-For ~ ",") {
            return (synth(403, "Forbidden"));
        }
        if (!req.http.Purge-Token || !req.http.Surrogate-Key) {
            return (synth(400, "Bad Request"));
        }
        var.global_set("generation", req.http.Purge-Token);
        set req.http.Kept-Purged = xkey.purge(req.http.Surrogate-Key);
        return (synth(200, "Purged"));
    }
    if (client.ip ~ proxies && req.http.X-Forwarded-For ~ ",") {
        set req.http.X-Forwarded-For = regsub(req.http.X-Forwarded-For, ",[^,]*$", "");
    } else {
        set req.http.X-Forwarded-For = client.ip;
        if (client.ip !~ proxies) {
            unset req.http.X-Forwarded-Proto;
        }
    }

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # Which part of a question matters, the newsroom knows.
    if (req.url ~ "\?" || req.url ~ "^/(?:admin|preview|health)(?:/|$)" || req.http.Authorization) {
        return (pass);
    }
    if (!std.healthy(lease)) {
        return (pass);
    }
    unset req.http.Cookie;  # public pages are anonymous
    unset req.http.Range;
    set req.http.Host = std.tolower(req.http.Host);
    if (req.http.Accept-Encoding ~ "(?i)(?:^|[,\s])br\s*(?:$|,|;\s*q=(?:1|0\.0*[1-9]))") {
        set req.http.Accept-Encoding = "br";
    } else if (req.http.Accept-Encoding ~ "(?i)(?:^|[,\s])gzip\s*(?:$|,|;\s*q=(?:1|0\.0*[1-9]))") {
        set req.http.Accept-Encoding = "gzip";
    } else {
        unset req.http.Accept-Encoding;
    }
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    hash_data(req.http.X-Forwarded-Proto);
    return (lookup);
}

sub vcl_hit {
    if (obj.age < 10s && obj.http.Kept-Generation != var.global_get("generation")) {
        return (pass);
    }
    return (deliver);
}

sub vcl_miss {
    set req.http.Kept-Made = "here";
    return (fetch);
}

sub vcl_backend_fetch {
    unset bereq.http.Kept-Made;
    set bereq.http.Kept-Generation = var.global_get("generation");
}

sub vcl_backend_response {
    set beresp.grace = 0s;
    set beresp.keep = 0s;
    if (beresp.http.Surrogate-Control !~ "max-age=0*[1-9]" || !beresp.http.Surrogate-Key || beresp.http.Set-Cookie) {
        set beresp.uncacheable = true;
        set beresp.ttl = 10s;  # until then nobody waits for another one's answer
        return (deliver);
    }
    set beresp.ttl = std.duration(regsub(beresp.http.Surrogate-Control, "^.*max-age=(\d+).*$", "\1s"), 0s);
    set beresp.http.Kept-Fetch = "fetch:" + bereq.xid;
    set beresp.http.xkey = beresp.http.Surrogate-Key + " * " + beresp.http.Kept-Fetch;
    set beresp.http.Kept-Generation = bereq.http.Kept-Generation;
    if (beresp.http.Kept-Generation != var.global_get("generation")) {
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
    }
    return (deliver);
}

sub vcl_backend_error {  # nginx shows its own page for a 502
    set beresp.status = 502;
    set beresp.http.Cache-Control = "no-store";
    set beresp.http.Content-Type = "text/plain; charset=utf-8";
    synthetic("The newsroom does not answer." + {"
"});
    return (deliver);
}

sub vcl_deliver {
    if (req.http.Kept-Made && resp.http.Kept-Generation
        && resp.http.Kept-Generation != var.global_get("generation")) {
        set req.http.Kept-Purged = xkey.purge(resp.http.Kept-Fetch);
    }
    unset resp.http.Surrogate-Control;
    unset resp.http.Surrogate-Key;
    unset resp.http.xkey;
    unset resp.http.Kept-Fetch;
    unset resp.http.Kept-Generation;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
    unset resp.http.Age;  # of no use to whoever asks each time
    unset resp.http.Accept-Ranges;
    return (deliver);
}

sub vcl_synth {
    if (req.method == "PURGE" && resp.status == 200) {
        set resp.http.Purged = req.http.Purge-Token;
    }
    set resp.http.Cache-Control = "no-store";
    set resp.http.Content-Type = "text/plain; charset=utf-8";
    synthetic(resp.reason + {"
"});
    return (deliver);
}
