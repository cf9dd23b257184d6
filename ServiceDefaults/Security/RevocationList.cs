using System.Collections.Concurrent;
using WpAsis.Privacy.Ids;

namespace WpAsis.ServiceDefaults.Security;

/// <summary>
/// Sessions that ended before their tokens did. Filled at start from identity and then by <c>SessionRevoked</c>;
/// an entry is kept for as long as a token issued before it can still be valid.
/// </summary>
public sealed class RevocationList(TimeProvider clock)
{
    /// <summary>Longest life of an access token, with the tolerance for clocks.</summary>
    public static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(11);

    private readonly ConcurrentDictionary<SessionId, DateTimeOffset> _until = new();

    /// <summary>False until identity has told what was revoked before this process started; tokens are answered 503 until then.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>Refuses a session from now on.</summary>
    public void Add(SessionId session, DateTimeOffset revokedAt) => _until[session] = revokedAt + TokenLife;

    /// <summary>True when the session has ended.</summary>
    public bool Contains(SessionId session) => _until.ContainsKey(session);

    /// <summary>Takes over what identity knows.</summary>
    public void Load(IEnumerable<RevokedSession> sessions)
    {
        foreach (var session in sessions)
            Add(session.SessionId, session.RevokedAt);
        Forget();
        IsLoaded = true;
    }

    private void Forget()
    {
        var now = clock.GetUtcNow();
        foreach (var entry in _until.Where(entry => entry.Value < now))
            _until.TryRemove(entry);
    }
}

/// <summary>One entry of identity's list, <c>GET /internal/revoked-sessions</c>.</summary>
public sealed record RevokedSession(SessionId SessionId, DateTimeOffset RevokedAt);

/// <summary>The list as identity answers it.</summary>
public sealed record RevokedSessions(IReadOnlyList<RevokedSession> Items);
