using System.Text.Json.Serialization;

namespace WpAsis.Contracts.DataSubjectRequest;

/// <summary>Whose data it is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SubjectKind>))]
public enum SubjectKind
{
    /// <summary>Somebody who signs in.</summary>
    Account,

    /// <summary>A WhatsApp user.</summary>
    Contact,
}
