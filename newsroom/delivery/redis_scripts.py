"""What the page store has Redis do as a whole. Behind what all keys begin with stand:

    lease           the release that may be answered; lives for three seconds unless it is renewed
    now             the generation: a word by chance; another one, or none, after each purge
    k:<key>         the word of a key: by chance, made when something first stands on it, deleted by a purge
    k:              that of everything: the release that it is kept for, and a word by chance
    e:<address>     an answer: its nonce, its bytes, what else belongs to it, and the words of its keys when it was kept
    a:<address>     who makes an answer
    wanted          keys of what is to be made anew
    front           whether caches in front may answer: 0 if so, else the moment since when they may not

Each of them may be missing at any time (redis_store.py).
"""

from newsroom.delivery.redis_link import Script

_COMMON = """
local base, release, week = KEYS[1], ARGV[1], 604800
local function ours(word) return word and string.sub(word, 1, #release + 1) == release .. ':' end
"""

NOW = Script(
    _COMMON
    + """
local now = redis.call('GET', base .. 'now')
if not now then
    now = ARGV[2]
    redis.call('SET', base .. 'now', now, 'EX', week)
end
return now
"""
)

LOOK = Script(
    _COMMON
    + """
local address, fresh, held = ARGV[2], ARGV[3], ARGV[4]
local lease = redis.call('GET', base .. 'lease')
if lease ~= release then return lease end
local place = base .. 'e:' .. address
local nonce, stands = unpack(redis.call('HMGET', place, 'nonce', 'stands'))
if not nonce then return false end
local keys, words = unpack(cmsgpack.unpack(stands))
if not ours(words[1]) then return false end
for first = 1, #keys, 1000 do
    local last, names = math.min(first + 999, #keys), {}
    for number = first, last do names[#names + 1] = base .. 'k:' .. keys[number] end
    local found = redis.call('MGET', unpack(names))
    for number = first, last do
        if found[number - first + 1] ~= words[number] then
            redis.call('UNLINK', place)
            return false
        end
    end
end
local now = redis.call('GET', base .. 'now')
if not now then
    now = fresh
    redis.call('SET', base .. 'now', now, 'EX', week)
end
if nonce == held then return {now} end
return {now, unpack(redis.call('HGETALL', place))}
"""
)

PUT = Script(
    _COMMON
    + """
local address, seen, fresh, fields = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
if redis.call('GET', base .. 'now') ~= seen then return 0 end
local all = redis.call('GET', base .. 'k:')
if not ours(all) then
    if all and redis.call('GET', base .. 'lease') ~= release then return 0 end
    all = release .. ':' .. fresh
end
redis.call('SET', base .. 'k:', all, 'EX', week)
local keys, words = {''}, {all}
for number = 6 + fields, #ARGV do
    local name = base .. 'k:' .. ARGV[number]
    local word = redis.call('GET', name) or fresh
    redis.call('SET', name, word, 'EX', week)
    keys[#keys + 1], words[#words + 1] = ARGV[number], word
end
local place = base .. 'e:' .. address
redis.call('UNLINK', place)
redis.call('HSET', place, 'stands', cmsgpack.pack({keys, words}), unpack(ARGV, 6, 5 + fields))
redis.call('EXPIRE', place, week)
return 1
"""
)

PURGE = Script(  # deletes only: that is never refused for want of memory
    _COMMON
    + """
for number = 2, #ARGV do redis.call('DEL', base .. 'k:' .. ARGV[number]) end
if not ours(redis.call('GET', base .. 'k:')) then redis.call('DEL', base .. 'k:') end
redis.call('DEL', base .. 'now')
return 1
"""
)

RENEW = Script(
    _COMMON
    + """
if base ~= ARGV[2] then return 0 end
redis.call('SET', base .. 'lease', release)
redis.call('PEXPIREAT', base .. 'lease', ARGV[3])
return redis.call('EXISTS', base .. 'lease')
"""
)

BEGIN = Script(
    _COMMON
    + """
if redis.call('GET', base .. 'lease') ~= release then return 1 end
local place = base .. 'a:' .. ARGV[2]
local maker = redis.call('GET', place)
if maker and maker ~= ARGV[3] then return 0 end
redis.call('SET', place, ARGV[3], 'PX', ARGV[4])
return 1
"""
)

END = Script(
    _COMMON
    + """
local place = base .. 'a:' .. ARGV[2]
if redis.call('GET', place) == ARGV[3] then redis.call('DEL', place) end
return 1
"""
)

WANT = Script(
    _COMMON
    + """
for number = 2, #ARGV do redis.call('SADD', base .. 'wanted', ARGV[number]) end
return redis.call('EXPIRE', base .. 'wanted', 3600)
"""
)

WANTED = Script(
    _COMMON
    + """
local found = redis.call('SMEMBERS', base .. 'wanted')
redis.call('DEL', base .. 'wanted')
return found
"""
)

HOLD = Script(
    _COMMON
    + """
local since, moment = tonumber(redis.call('GET', base .. 'front') or '0'), tonumber(ARGV[2])
if since > 0 then moment = since + 0.000001 end
moment = string.format('%.6f', moment)
redis.call('SET', base .. 'front', moment, 'EX', week)
return moment
"""
)

HELD = Script(
    _COMMON
    + """
if redis.call('GET', base .. 'lease') ~= release then return ARGV[2] end
return redis.call('GET', base .. 'front') or ARGV[2]
"""
)

RELEASE = Script(
    _COMMON
    + """
if tonumber(redis.call('GET', base .. 'front') or ARGV[2]) == tonumber(ARGV[3]) then
    redis.call('SET', base .. 'front', '0', 'EX', week)
end
return 1
"""
)
