using Microsoft.Extensions.AI;

namespace WpAsis.AiResponder.ChatModels;

/// <summary>What a turn took from the model so far. Kept outside the call, so that a cancelled call counts too.</summary>
internal sealed class ModelUse
{
    public string? Model { get; private set; }

    public int Calls { get; private set; }

    public long InputTokens { get; private set; }

    public long OutputTokens { get; private set; }

    /// <summary>Whether the provider bills a cancelled call is not known: it is counted before it starts.</summary>
    public void Began() => Calls++;

    public void Ended(ChatResponse response)
    {
        Model = response.ModelId ?? Model;
        InputTokens += response.Usage?.InputTokenCount ?? 0;
        OutputTokens += response.Usage?.OutputTokenCount ?? 0;
    }
}
