import * as echarts from 'echarts/core';
import { LineChart, BarChart, ScatterChart, HeatmapChart, ParallelChart, CustomChart } from 'echarts/charts';
import { GridComponent, TooltipComponent, LegendComponent, DataZoomComponent, MarkLineComponent, MarkAreaComponent, VisualMapComponent, ParallelComponent, AriaComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';
echarts.use([LineChart, BarChart, ScatterChart, HeatmapChart, ParallelChart, CustomChart, GridComponent, TooltipComponent, LegendComponent, DataZoomComponent, MarkLineComponent, MarkAreaComponent, VisualMapComponent, ParallelComponent, AriaComponent, SVGRenderer]);
export const { init, connect, graphic, version } = echarts;
