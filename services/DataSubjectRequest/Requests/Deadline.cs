namespace WpAsis.DataSubjectRequest.Requests;

/// <summary>
/// By when a request is answered: KVKK 30 days, GDPR one calendar month, CCPA 45 days. Where somebody lives is not asked,
/// so the earliest holds for everybody, and a doubt about who asks does not stop the clock.
/// </summary>
internal static class Deadline
{
    private static readonly TimeSpan Kvkk = TimeSpan.FromDays(30);
    private static readonly TimeSpan Ccpa = TimeSpan.FromDays(45);

    public static DateTimeOffset Of(DateTimeOffset receivedAt)
    {
        var utc = receivedAt.ToUniversalTime();
        return new[] { utc + Kvkk, utc.AddMonths(1), utc + Ccpa }.Min();
    }

    /// <summary>How much of its time a request has used, in per cent.</summary>
    public static int Used(DateTimeOffset receivedAt, DateTimeOffset now) =>
        (int)((now - receivedAt) * 100 / (Of(receivedAt) - receivedAt));
}
