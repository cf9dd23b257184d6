using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace WpAsis.Privacy.Ids;

/// <summary>A connected business number.</summary>
/// <param name="Value">The bare uuid.</param>
[JsonConverter(typeof(TypedIdJsonConverter<ChannelId>))]
public readonly record struct ChannelId(Guid Value) : ITypedId<ChannelId>
{
    /// <inheritdoc />
    public static string Prefix => "chn_";

    /// <inheritdoc />
    public static ChannelId From(Guid value) => new(value);

    /// <inheritdoc />
    public static ChannelId Parse(string s, IFormatProvider? provider) => TypedId.Parse<ChannelId>(s);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ChannelId result) =>
        TypedId.TryParse(s, out result);

    /// <summary>The prefixed text.</summary>
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Tenant, number and contact: outlives its conversations.</summary>
/// <param name="Value">The bare uuid.</param>
[JsonConverter(typeof(TypedIdJsonConverter<ThreadId>))]
public readonly record struct ThreadId(Guid Value) : ITypedId<ThreadId>
{
    /// <inheritdoc />
    public static string Prefix => "thr_";

    /// <inheritdoc />
    public static ThreadId From(Guid value) => new(value);

    /// <inheritdoc />
    public static ThreadId Parse(string s, IFormatProvider? provider) => TypedId.Parse<ThreadId>(s);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ThreadId result) =>
        TypedId.TryParse(s, out result);

    /// <summary>The prefixed text.</summary>
    public override string ToString() => TypedId.Format(this);
}

/// <summary>One opening of the window on a thread.</summary>
/// <param name="Value">The bare uuid.</param>
[JsonConverter(typeof(TypedIdJsonConverter<ConversationId>))]
public readonly record struct ConversationId(Guid Value) : ITypedId<ConversationId>
{
    /// <inheritdoc />
    public static string Prefix => "cnv_";

    /// <inheritdoc />
    public static ConversationId From(Guid value) => new(value);

    /// <inheritdoc />
    public static ConversationId Parse(string s, IFormatProvider? provider) => TypedId.Parse<ConversationId>(s);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ConversationId result) =>
        TypedId.TryParse(s, out result);

    /// <summary>The prefixed text.</summary>
    public override string ToString() => TypedId.Format(this);
}

/// <summary>A message, ours: Meta's wamid holds a phone number and stays in the gateway.</summary>
/// <param name="Value">The bare uuid.</param>
[JsonConverter(typeof(TypedIdJsonConverter<MessageId>))]
public readonly record struct MessageId(Guid Value) : ITypedId<MessageId>
{
    /// <inheritdoc />
    public static string Prefix => "msg_";

    /// <inheritdoc />
    public static MessageId From(Guid value) => new(value);

    /// <inheritdoc />
    public static MessageId Parse(string s, IFormatProvider? provider) => TypedId.Parse<MessageId>(s);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out MessageId result) =>
        TypedId.TryParse(s, out result);

    /// <summary>The prefixed text.</summary>
    public override string ToString() => TypedId.Format(this);
}

/// <summary>One answer in the making.</summary>
/// <param name="Value">The bare uuid.</param>
[JsonConverter(typeof(TypedIdJsonConverter<TurnId>))]
public readonly record struct TurnId(Guid Value) : ITypedId<TurnId>
{
    /// <inheritdoc />
    public static string Prefix => "trn_";

    /// <inheritdoc />
    public static TurnId From(Guid value) => new(value);

    /// <inheritdoc />
    public static TurnId Parse(string s, IFormatProvider? provider) => TypedId.Parse<TurnId>(s);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TurnId result) =>
        TypedId.TryParse(s, out result);

    /// <summary>The prefixed text.</summary>
    public override string ToString() => TypedId.Format(this);
}

/// <summary>What is sent.</summary>
/// <param name="Value">The bare uuid.</param>
[JsonConverter(typeof(TypedIdJsonConverter<ReplyId>))]
public readonly record struct ReplyId(Guid Value) : ITypedId<ReplyId>
{
    /// <inheritdoc />
    public static string Prefix => "rpl_";

    /// <inheritdoc />
    public static ReplyId From(Guid value) => new(value);

    /// <inheritdoc />
    public static ReplyId Parse(string s, IFormatProvider? provider) => TypedId.Parse<ReplyId>(s);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ReplyId result) =>
        TypedId.TryParse(s, out result);

    /// <summary>The prefixed text.</summary>
    public override string ToString() => TypedId.Format(this);
}

/// <summary>One reserved answer.</summary>
/// <param name="Value">The bare uuid.</param>
[JsonConverter(typeof(TypedIdJsonConverter<UsageId>))]
public readonly record struct UsageId(Guid Value) : ITypedId<UsageId>
{
    /// <inheritdoc />
    public static string Prefix => "usg_";

    /// <inheritdoc />
    public static UsageId From(Guid value) => new(value);

    /// <inheritdoc />
    public static UsageId Parse(string s, IFormatProvider? provider) => TypedId.Parse<UsageId>(s);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out UsageId result) =>
        TypedId.TryParse(s, out result);

    /// <summary>The prefixed text.</summary>
    public override string ToString() => TypedId.Format(this);
}

/// <summary>A picture, voice note or document that arrived.</summary>
/// <param name="Value">The bare uuid.</param>
[JsonConverter(typeof(TypedIdJsonConverter<MediaId>))]
public readonly record struct MediaId(Guid Value) : ITypedId<MediaId>
{
    /// <inheritdoc />
    public static string Prefix => "med_";

    /// <inheritdoc />
    public static MediaId From(Guid value) => new(value);

    /// <inheritdoc />
    public static MediaId Parse(string s, IFormatProvider? provider) => TypedId.Parse<MediaId>(s);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out MediaId result) =>
        TypedId.TryParse(s, out result);

    /// <summary>The prefixed text.</summary>
    public override string ToString() => TypedId.Format(this);
}
