using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.DataSubjectRequest.Retention;

/// <summary>What forgets.</summary>
internal static class RetentionFeature
{
    public static void AddRetention(this WebApplicationBuilder builder) => builder.Services.AddSweeper<PurgeExpired>();
}
