using MassTransit;
using WpAsis.ServiceDefaults.DataSubjects;

namespace WpAsis.MessagingGateway.DataSubjects;

/// <summary>What the gateway does about a person who asks.</summary>
internal static class DataSubjectsFeature
{
    public const string Service = "messaging-gateway";

    public static void AddDataSubjects(this WebApplicationBuilder builder) => builder.Services.AddSingleton<EraseSubject>();

    public static void AddDataSubjects(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<EraseSubjectConsumer>();
        bus.AddConsumer<RectifySubjectConsumer>();
    }

    public static void MapDataSubjects(this IEndpointRouteBuilder routes)
    {
        routes.MapReceiptKey();
        routes.MapLocateSubject();
        routes.MapExportSubject();
        routes.MapRectifySubject();
        routes.MapDescribeNumber();
    }
}
