namespace WpAsis.MessagingGateway.CloudApi;

/// <summary>What an answer of the Graph API means for the message that was sent.</summary>
internal enum GraphVerdict
{
    /// <summary>An id came back.</summary>
    Accepted,

    /// <summary>Proves that nothing was accepted; the same message may be tried again.</summary>
    RetryMessage,

    /// <summary>The same, and this contact wants a longer pause.</summary>
    RetryPair,

    /// <summary>It may have been accepted: never sent again without waiting for a status.</summary>
    OutcomeUnknown,

    /// <summary>The number itself is the trouble: token, integrity, payment, registration, spam.</summary>
    StopNumber,

    /// <summary>The contact's window is closed at Meta.</summary>
    WindowClosed,

    /// <summary>The contact wants no marketing.</summary>
    MarketingOptOut,

    /// <summary>Refused for good.</summary>
    Fail,
}

/// <summary>Meta's errors and what each asks of us. Codes decide; titles change and statuses differ for one code.</summary>
internal static class GraphError
{
    /// <summary>The access token is not valid (any more).</summary>
    public const int BadToken = 190;

    private const int TooManyRequests = 429;
    private const int RequestTimeout = 408;
    private const int ServerError = 500;

    /// <summary>Decides on an answer that is no acceptance.</summary>
    /// <param name="httpStatus">The HTTP status.</param>
    /// <param name="code">The code of Graph's error body; none when the body is not Graph's.</param>
    public static GraphVerdict Decide(int httpStatus, int? code) =>
        code switch
        {
            null => WithoutBody(httpStatus),
            1 or 2 or 4 or 80007 or 130429 or 131016 or 131057 => GraphVerdict.RetryMessage,
            // Media upload and download; we send text, so the time to send is limit enough.
            131052 or 131053 => GraphVerdict.RetryMessage,
            131056 => GraphVerdict.RetryPair,
            // Throttling for spam (131048, 131064) and registration (133016) stop the number: trying on costs its reputation.
            0 or 3 or 10 or BadToken or (>= 200 and <= 299) or 131005 => GraphVerdict.StopNumber,
            368 or 130497 or 131031 or 131042 or 131045 or 131048 or 131064 or 133010 or 133016 => GraphVerdict.StopNumber,
            131047 => GraphVerdict.WindowClosed,
            131050 => GraphVerdict.MarketingOptOut,
            _ when httpStatus is TooManyRequests or >= ServerError => GraphVerdict.RetryMessage,
            _ => GraphVerdict.Fail,
        };

    /// <summary>Whether a refusal speaks of the token or of permissions, which only a new connection cures.</summary>
    public static bool IsAuthorization(int? code) => code is 0 or 3 or 10 or BadToken or (>= 200 and <= 299) or 131005;

    // Without Graph's body a proxy may have answered after Graph had accepted.
    private static GraphVerdict WithoutBody(int httpStatus) =>
        httpStatus is RequestTimeout or >= ServerError or (>= 200 and <= 299) ? GraphVerdict.OutcomeUnknown : GraphVerdict.RetryMessage;
}
