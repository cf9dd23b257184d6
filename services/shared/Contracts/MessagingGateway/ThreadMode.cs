using System.Text.Json.Serialization;

namespace WpAsis.Contracts.MessagingGateway;

/// <summary>Who answers in a thread.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ThreadMode>))]
public enum ThreadMode
{
    /// <summary>The assistant.</summary>
    Assistant,

    /// <summary>A person took over; the assistant is silent.</summary>
    Human,
}
