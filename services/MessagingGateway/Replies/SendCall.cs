using WpAsis.MessagingGateway.CloudApi;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>A claimed send: what is called, and what is needed to record what came of it. It does not print what is said.</summary>
internal sealed class SendCall
{
    public required TenantId Tenant { get; init; }

    public required SendRow Send { get; init; }

    public required GraphMessage Message { get; init; }

    public required GraphAccess Access { get; init; }

    public required DataKey SubjectKey { get; init; }

    public required DateTimeOffset CalledAt { get; init; }

    /// <summary>Which try this is; a later one has a higher number.</summary>
    public required int Attempt { get; init; }

    /// <summary>It was called before, and nobody knows with what effect.</summary>
    public required bool IsRepeat { get; init; }

    /// <summary>The reply and nothing of its content.</summary>
    public override string ToString() => Send.ReplyId.ToString();
}
