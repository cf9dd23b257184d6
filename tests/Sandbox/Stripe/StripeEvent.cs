namespace WpAsis.Sandbox.Stripe;

/// <summary>One event and what became of its delivery.</summary>
internal sealed class StripeEvent(string id, string type, DateTime created, string body)
{
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id { get; } = id;

    public string Type { get; } = type;

    public DateTime Created { get; } = created;

    /// <summary>The event as JSON: the object as it was then.</summary>
    public string Body { get; } = body;

    public int Attempts { get; set; }

    /// <summary>It happened while events were held: only a test delivers it.</summary>
    public bool Held { get; init; }

    /// <summary>The last answer; 0: nobody answered or nothing was sent yet.</summary>
    public int Status { get; set; }

    /// <summary>Ends when the receiver has answered 2xx.</summary>
    public Task Answered => _answered.Task;

    public bool Delivered => _answered.Task.IsCompleted;

    public void Answer(int status)
    {
        Attempts++;
        Status = status;
        if (status is >= 200 and < 300)
            _answered.TrySetResult();
    }
}
