using Microsoft.Extensions.AI;
using WpAsis.AiResponder.ChatModels;
using WpAsis.AiResponder.Turns;
using WpAsis.Contracts.AiResponder;
using WpAsis.Privacy.Sealing;

namespace WpAsis.AiResponder.Replies;

/// <summary>What will be said. A notice is not billed, though the model was asked: the failure is ours.</summary>
internal sealed record ComposedReply(ReplyOutcome Outcome, TurnReason Reason, ReplyText Text);

/// <summary>Asks the model, at most twice: once, and once more for the form.</summary>
internal sealed class ComposeReply(IChatClient model, BlindIndex index, ModelSettings settings)
{
    private const string Pepper = "model-safety-identifier";

    public async Task<ComposedReply> ComposeAsync(OpenedTurn turn, ModelUse use, CancellationToken cancellationToken)
    {
        var messages = ReplyPrompt.Of(turn);
        var (response, reading) = await AskAsync(turn, messages, use, cancellationToken);
        if (reading.Problem is AnswerProblem.Unreadable or AnswerProblem.Empty or AnswerProblem.TooLong)
        {
            if (response.Text.Length > 0)
                messages.Add(new(ChatRole.Assistant, response.Text));
            messages.Add(ReplyPrompt.Repair(Describe(reading.Problem)));
            (_, reading) = await AskAsync(turn, messages, use, cancellationToken);
        }
        return reading switch
        {
            { Answer: { } answer } => new(
                answer.Outcome,
                TurnReason.None,
                new(answer.Text, turn.Language, answer.CopyBlocks, answer.SuggestedReplies)
            ),
            { Problem: AnswerProblem.Declined } => Declined(turn),
            _ => new(ReplyOutcome.Notice, TurnReason.Failed, new(ReplyTexts.Failed(turn.Language, turn.Profile), turn.Language, [], [])),
        };
    }

    /// <summary>What a contact hears when the model or a filter would not answer.</summary>
    public static ComposedReply Declined(OpenedTurn turn) =>
        new(ReplyOutcome.Notice, TurnReason.Declined, new(ReplyTexts.Declined(turn.Language, turn.Profile), turn.Language, [], []));

    private async Task<(ChatResponse Response, AnswerReading Reading)> AskAsync(
        OpenedTurn turn,
        List<ChatMessage> messages,
        ModelUse use,
        CancellationToken cancellationToken
    )
    {
        var options = new ModelCallOptions
        {
            SafetyIdentifier = Convert.ToHexStringLower(index.OfTenant(Pepper, turn.Claim.TenantId, turn.SubjectId.Value.ToString("N"))),
            ResponseFormat = ChatResponseFormat.ForJsonSchema(ReplyAnswer.Schema, "reply", "An answer to a customer"),
            MaxOutputTokens = settings.MaxOutputTokens,
        };
        use.Began();
        var response = await model.GetResponseAsync(messages, options, cancellationToken);
        use.Ended(response);
        return (response, ReplyAnswer.Read(response));
    }

    private static string Describe(AnswerProblem problem) =>
        problem switch
        {
            AnswerProblem.TooLong => "it is too long",
            AnswerProblem.Empty => "its text is empty",
            _ => "it is not the JSON that was asked for",
        };
}
