import { type Histogram, metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  MeterProvider,
  type MetricReader,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'

/** Traces and metrics of a service. */
export interface Telemetry {
  /** Traces one request. The span knows method, route pattern and status, and nothing else. */
  request(method: string, run: () => Promise<Traced>): Promise<Traced>
  /** Counts something that happened: `credentials.issued`, by a few fixed words. */
  count(name: string, attributes?: Readonly<Record<string, string>>): void
  close(): Promise<void>
}

/** What came of a request that was traced. */
export interface Traced {
  readonly route: string
  readonly response: Response
}

/**
 * OpenTelemetry, sent by OTLP over http where `OTEL_EXPORTER_OTLP_ENDPOINT` says to, and nowhere
 * otherwise. No trace is continued from a caller: a `traceparent` that a wallet brings along
 * would tie its requests together.
 *
 * @param options `spans`, `metrics`: instead of the exporters, for tests
 */
export function createTelemetry(
  service: string,
  options: {
    readonly endpoint?: string | undefined
    readonly spans?: SpanProcessor
    readonly metrics?: MetricReader
  },
): Telemetry {
  const endpoint = options.endpoint?.replace(/\/$/, '')
  const spans =
    options.spans ??
    (endpoint
      ? new BatchSpanProcessor({
          exporter: new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }),
        })
      : undefined)
  const reader =
    options.metrics ??
    (endpoint
      ? new PeriodicExportingMetricReader({
          exporter: new OTLPMetricExporter({ url: `${endpoint}/v1/metrics` }),
        })
      : undefined)
  const resource = resourceFromAttributes({ 'service.name': service })
  const tracing = spans && new TracerProvider({ resource, spanProcessors: [spans] })
  const metering = reader && new MeterProvider({ resource, readers: [reader] })
  // Without an exporter those of the API, which do nothing.
  const tracer = (tracing ?? trace.getTracerProvider()).getTracer('asoba')
  const meter = (metering ?? metrics.getMeterProvider()).getMeter('asoba')
  const duration: Histogram = meter.createHistogram('http.server.request.duration', { unit: 's' })
  const counters = new Map<string, ReturnType<typeof meter.createCounter>>()

  return {
    request: async (method, run) => {
      const start = performance.now()
      const span = tracer.startSpan(method, { kind: SpanKind.SERVER, root: true })
      let status = 500
      let route = 'none'
      try {
        const traced = await run()
        status = traced.response.status
        route = traced.route
        return traced
      } finally {
        const attributes = {
          'http.request.method': method,
          'http.route': route,
          'http.response.status_code': status,
        }
        span.updateName(`${method} ${route}`)
        span.setAttributes(attributes)
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
        span.end()
        duration.record((performance.now() - start) / 1000, attributes)
      }
    },
    count: (name, attributes = {}) => {
      const counter = counters.get(name) ?? meter.createCounter(`asoba.${name}`)
      counters.set(name, counter)
      counter.add(1, attributes)
    },
    close: async () => {
      await Promise.allSettled([tracing?.shutdown(), metering?.shutdown()])
    },
  }
}
