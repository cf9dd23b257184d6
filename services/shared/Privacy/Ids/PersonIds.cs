using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace WpAsis.Privacy.Ids;

/// <summary>A customer: the business.</summary>
/// <param name="Value">The bare uuid.</param>
[JsonConverter(typeof(TypedIdJsonConverter<TenantId>))]
public readonly record struct TenantId(Guid Value) : ITypedId<TenantId>
{
    /// <inheritdoc />
    public static string Prefix => "tnt_";

    /// <inheritdoc />
    public static TenantId From(Guid value) => new(value);

    /// <inheritdoc />
    public static TenantId Parse(string s, IFormatProvider? provider) => TypedId.Parse<TenantId>(s);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TenantId result) =>
        TypedId.TryParse(s, out result);

    /// <summary>The prefixed text.</summary>
    public override string ToString() => TypedId.Format(this);
}

/// <summary>A person who signs in to the console.</summary>
/// <param name="Value">The bare uuid.</param>
[JsonConverter(typeof(TypedIdJsonConverter<AccountId>))]
public readonly record struct AccountId(Guid Value) : ITypedId<AccountId>
{
    /// <inheritdoc />
    public static string Prefix => "acc_";

    /// <inheritdoc />
    public static AccountId From(Guid value) => new(value);

    /// <inheritdoc />
    public static AccountId Parse(string s, IFormatProvider? provider) => TypedId.Parse<AccountId>(s);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out AccountId result) =>
        TypedId.TryParse(s, out result);

    /// <summary>The prefixed text.</summary>
    public override string ToString() => TypedId.Format(this);
}

/// <summary>A person, account or contact: random, meaningless outside the vault, and the only person id on the bus.</summary>
/// <param name="Value">The bare uuid.</param>
[JsonConverter(typeof(TypedIdJsonConverter<DataSubjectId>))]
public readonly record struct DataSubjectId(Guid Value) : ITypedId<DataSubjectId>
{
    /// <inheritdoc />
    public static string Prefix => "dsu_";

    /// <summary>A new person id: purely random, it does not even tell when it was made.</summary>
    public static DataSubjectId New() => new(TypedId.RandomGuid());

    /// <inheritdoc />
    public static DataSubjectId From(Guid value) => new(value);

    /// <inheritdoc />
    public static DataSubjectId Parse(string s, IFormatProvider? provider) => TypedId.Parse<DataSubjectId>(s);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out DataSubjectId result) =>
        TypedId.TryParse(s, out result);

    /// <summary>The prefixed text.</summary>
    public override string ToString() => TypedId.Format(this);
}

/// <summary>A data-subject request.</summary>
/// <param name="Value">The bare uuid.</param>
[JsonConverter(typeof(TypedIdJsonConverter<SubjectRequestId>))]
public readonly record struct SubjectRequestId(Guid Value) : ITypedId<SubjectRequestId>
{
    /// <inheritdoc />
    public static string Prefix => "dsr_";

    /// <inheritdoc />
    public static SubjectRequestId From(Guid value) => new(value);

    /// <inheritdoc />
    public static SubjectRequestId Parse(string s, IFormatProvider? provider) => TypedId.Parse<SubjectRequestId>(s);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out SubjectRequestId result) =>
        TypedId.TryParse(s, out result);

    /// <summary>The prefixed text.</summary>
    public override string ToString() => TypedId.Format(this);
}

/// <summary>A signed-in session.</summary>
/// <param name="Value">The bare uuid.</param>
[JsonConverter(typeof(TypedIdJsonConverter<SessionId>))]
public readonly record struct SessionId(Guid Value) : ITypedId<SessionId>
{
    /// <inheritdoc />
    public static string Prefix => "ses_";

    /// <inheritdoc />
    public static SessionId From(Guid value) => new(value);

    /// <inheritdoc />
    public static SessionId Parse(string s, IFormatProvider? provider) => TypedId.Parse<SessionId>(s);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out SessionId result) =>
        TypedId.TryParse(s, out result);

    /// <summary>The prefixed text.</summary>
    public override string ToString() => TypedId.Format(this);
}

/// <summary>A mail to an account or tenant, as its sender names it.</summary>
/// <param name="Value">The bare uuid.</param>
[JsonConverter(typeof(TypedIdJsonConverter<NoticeId>))]
public readonly record struct NoticeId(Guid Value) : ITypedId<NoticeId>
{
    /// <inheritdoc />
    public static string Prefix => "ntc_";

    /// <inheritdoc />
    public static NoticeId From(Guid value) => new(value);

    /// <inheritdoc />
    public static NoticeId Parse(string s, IFormatProvider? provider) => TypedId.Parse<NoticeId>(s);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out NoticeId result) =>
        TypedId.TryParse(s, out result);

    /// <summary>The prefixed text.</summary>
    public override string ToString() => TypedId.Format(this);
}
