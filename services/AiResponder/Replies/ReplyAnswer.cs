using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;
using WpAsis.Contracts.AiResponder;

namespace WpAsis.AiResponder.Replies;

/// <summary>What the model answered, read by a strict schema.</summary>
internal sealed record ReplyAnswer
{
    public required ReplyOutcome Outcome { get; init; }

    public required string Language { get; init; }

    public required string Text { get; init; }

    public required IReadOnlyList<string> CopyBlocks { get; init; }

    public required IReadOnlyList<string> SuggestedReplies { get; init; }

    /// <summary>All properties required and nothing else allowed: what strict mode demands.</summary>
    public static JsonElement Schema { get; } =
        JsonElement.Parse(
            """
            {
              "type": "object",
              "properties": {
                "outcome": { "type": "string", "enum": ["Answered", "Clarifying", "Unknown", "OutOfScope", "HandOver"] },
                "language": { "type": "string", "description": "Two letters" },
                "text": { "type": "string" },
                "copyBlocks": { "type": "array", "items": { "type": "string" } },
                "suggestedReplies": { "type": "array", "items": { "type": "string" } }
              },
              "required": ["outcome", "language", "text", "copyBlocks", "suggestedReplies"],
              "additionalProperties": false
            }
            """
        );

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.Strict,
    };

    /// <summary>
    /// Reads a response in the only order that tells the truth: a refusal comes as an error beside an empty text and with a normal
    /// finish, a filtered text comes empty, a cut one may still parse.
    /// </summary>
    public static AnswerReading Read(ChatResponse response)
    {
        if (response.Messages.SelectMany(message => message.Contents).Any(content => content is ErrorContent))
            return new(AnswerProblem.Declined, null);
        if (response.FinishReason == ChatFinishReason.ContentFilter)
            return new(AnswerProblem.Declined, null);
        if (response.FinishReason == ChatFinishReason.Length)
            return new(AnswerProblem.TooLong, null);
        try
        {
            return JsonSerializer.Deserialize<ReplyAnswer>(response.Text, Strict) is { Outcome: not ReplyOutcome.Notice } answer
                ? CheckReply.Check(answer)
                : new(AnswerProblem.Unreadable, null);
        }
        catch (JsonException)
        {
            return new(AnswerProblem.Unreadable, null);
        }
    }
}

/// <summary>Why an answer can't be sent as it is.</summary>
internal enum AnswerProblem
{
    None,

    /// <summary>Refused by the model or taken by a filter: not asked again.</summary>
    Declined,
    Unreadable,
    Empty,
    TooLong,
}

/// <summary>An answer or what is wrong with it.</summary>
internal sealed record AnswerReading(AnswerProblem Problem, ReplyAnswer? Answer);
