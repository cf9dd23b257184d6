namespace WpAsis.DataSubjectRequest.Requests;

/// <summary>Something happened to a request.</summary>
internal enum RequestEvent
{
    /// <summary>The person proved who they are.</summary>
    Proved,

    /// <summary>Nobody did, in time.</summary>
    ProofExpired,

    /// <summary>The person took it back.</summary>
    Cancelled,

    /// <summary>The sweeper took it up.</summary>
    TakenUp,

    /// <summary>The person is there.</summary>
    Found,

    /// <summary>A business would be without an owner after them.</summary>
    FoundLastOwner,

    /// <summary>Nobody is there.</summary>
    NotFound,

    /// <summary>The archive stands.</summary>
    ArchiveMade,

    /// <summary>The archive is used up or too old.</summary>
    ArchiveGone,

    /// <summary>Every service has signed.</summary>
    AllSigned,
}

/// <summary>What follows from an event: the next state, and why where it ends badly. It reads no clock and no row.</summary>
internal sealed record Transition(RequestState State, DenialReason? Reason = null)
{
    /// <summary>The next state; the same one where the event changes nothing.</summary>
    public static Transition Of(RequestKind kind, bool closesBusinesses, RequestState state, RequestEvent what) =>
        (state, what) switch
        {
            (RequestState.AwaitingProof, RequestEvent.Proved) => new(RequestState.Verified),
            (RequestState.AwaitingProof, RequestEvent.ProofExpired) => new(RequestState.Expired),
            (RequestState.AwaitingProof or RequestState.Verified, RequestEvent.Cancelled) => new(RequestState.Withdrawn),
            (RequestState.Verified, RequestEvent.TakenUp) => new(RequestState.Locating),

            (RequestState.Locating, RequestEvent.NotFound) => new(RequestState.Denied, DenialReason.NotFound),
            (RequestState.Locating, RequestEvent.FoundLastOwner) when kind is RequestKind.Erasure && !closesBusinesses => new(
                RequestState.Denied,
                DenialReason.LastOwner
            ),
            (RequestState.Locating, RequestEvent.Found or RequestEvent.FoundLastOwner) => new(RequestState.Executing),

            (RequestState.Executing, RequestEvent.AllSigned) when kind is RequestKind.Erasure => new(RequestState.Verifying),
            (RequestState.Executing, RequestEvent.AllSigned) when kind is RequestKind.Rectification => new(RequestState.Completed),
            (RequestState.Executing, RequestEvent.ArchiveMade) => new(RequestState.Delivered),

            // Everybody signed and yet somebody is there: it is not done.
            (RequestState.Verifying, RequestEvent.Found or RequestEvent.FoundLastOwner) => new(RequestState.Executing),
            (RequestState.Verifying, RequestEvent.NotFound) => new(RequestState.Completed),
            (RequestState.Delivered, RequestEvent.ArchiveGone) => new(RequestState.Completed),
            _ => new(state),
        };
}

/// <summary>Moves a request on.</summary>
internal static class RequestSteps
{
    /// <summary>Applies an event; false where it changes nothing.</summary>
    public static bool Apply(this SubjectRequest request, RequestEvent what, DateTimeOffset now)
    {
        var next = Transition.Of(request.Kind, request.CloseBusinesses, request.State, what);
        if (next.State == request.State)
            return false;
        request.State = next.State;
        request.Reason = next.Reason ?? request.Reason;
        request.Attempts = 0;
        if (request.IsClosed)
            request.ClosedAt = now;
        return true;
    }
}
