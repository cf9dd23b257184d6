using MassTransit;
using WpAsis.ServiceDefaults.Messaging;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.Identity.Notices;

/// <summary>Mail to accounts and tenants: identity alone knows where they live.</summary>
internal static class NoticesFeature
{
    /// <summary>PostgreSQL channel on which a written notice is announced.</summary>
    public const string Channel = "notice";

    public static void AddNotices(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<MailRelay>();
        builder.Services.AddSingleton<WriteNotice>();
        builder.Services.AddSweeper<DeliverNotices>();
        builder.Services.AddTimerRows("notice", "next_at", "state = 'Pending'");
        builder.Services.AddSingleton(provider =>
        {
            var deliver = provider.GetRequiredService<DeliverNotices>();
            return new Notification(Channel, _ => deliver.Wake());
        });
    }

    public static void AddNotices(this IBusRegistrationConfigurator bus) => bus.AddConsumer<SendNoticeConsumer>();
}
